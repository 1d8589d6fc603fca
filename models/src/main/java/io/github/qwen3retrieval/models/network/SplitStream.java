package io.github.qwen3retrieval.models.network;

import ai.djl.pytorch.jni.IValue;
import io.github.qwen3retrieval.models.rows.Rows;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * A pass through {@link SplitLayers}: of each layer four steps, whose pieces threads share. What
 * all pieces need is computed before them by the pass's own thread; each writes columns of its own.
 */
final class SplitStream implements Layers.Stream {

    /** Rows of the feed-forward network at a time: bounds its memory. */
    private static final int SLICE = 1024;

    private final SplitLayers layers;
    private final Splitting splitting;
    private final Program program;
    private final Layers.Batch batch;
    private final Interruption interruption;
    private final KeyType keyType;
    private final JavaAttention[] attention;
    private final Value stream;
    private final Value attended;
    private final Value gated;
    private final int tokens;

    SplitStream(SplitLayers layers, Value rows, Layers.Batch batch, Interruption interruption) {
        this.layers = layers;
        this.batch = batch;
        this.interruption = interruption;
        splitting = layers.splitting();
        program = layers.program();
        keyType = layers.keyType();
        attention = attention();
        tokens = Math.toIntExact(Arrays.stream(batch.lengths()).sum());
        stream = rows;
        Value heads = null;
        boolean ready = false;
        try {
            heads = attended(tokens);
            int width = layers.config().intermediateSize();
            gated = program.memory(keyType.torchType(), Math.min(tokens, SLICE), width);
            attended = heads;
            ready = true;
        } finally {
            if (ready == false) {
                stream.close();
                if (heads != null) {
                    heads.close();
                }
            }
        }
    }

    /**
     * Of each piece, whose heads stay on the thread that has it, or null where the program is to
     * compute it.
     */
    private JavaAttention[] attention() {
        int dimensions = layers.config().headDim();
        JavaAttention.Heads heads =
                new JavaAttention.Heads(splitting.heads(), splitting.keyHeads(), dimensions);
        JavaAttention[] ofPieces = new JavaAttention[splitting.pieces()];
        Arrays.setAll(
                ofPieces,
                piece ->
                        JavaAttention.whereItSuits(
                                program, layers.manager(), heads, keyType, batch, RowLanes.ONE));
        return ofPieces;
    }

    /** Memory for what all heads attend to, [rows, N · D]. */
    private Value attended(int rows) {
        int width = splitting.pieces() * splitting.attended();
        return program.memory(keyType.torchType(), rows, width);
    }

    /** Runs a method of the program for what it writes. */
    private void run(String method, Value... arguments) {
        program.run(method, arguments).close();
    }

    private void share(IntConsumer piece) {
        interruption.share(splitting.pieces(), piece);
    }

    @Override
    public Value layer(int index) {
        Value[][] heads = new Value[splitting.pieces()][];
        try {
            try (Value normed = normed("attention_norm", stream, index)) {
                share(
                        piece -> {
                            heads[piece] = heads(index, piece, normed);
                            attend(index, piece, heads[piece]);
                        });
            }
            finish(index, attended, stream, tokens);
            IValue[] keysAndValues =
                    Arrays.stream(heads)
                            .flatMap(of -> Arrays.stream(of, 1, of.length))
                            .map(Value::raw)
                            .toArray(IValue[]::new);
            return program.value(IValue.listFrom(keysAndValues));
        } finally {
            for (Value[] of : heads) {
                if (of != null) {
                    Arrays.stream(of).forEach(Value::close);
                }
            }
        }
    }

    private Value normed(String norm, Value rows, int index) {
        return program.run(norm, rows, layers.weights(index, 0), layers.epsilon());
    }

    /** Queries, keys and values of a piece. */
    private Value[] heads(int index, int piece, Value normed) {
        return program.runList(
                "piece_heads",
                normed,
                layers.weights(index, piece),
                batch.angles(),
                layers.epsilon());
    }

    private void attend(int index, int piece, Value[] heads) {
        try (Value past = past(index, piece)) {
            if (attention[piece] == null) {
                run(
                        "attend_piece",
                        heads[0],
                        heads[1],
                        heads[2],
                        batch.lens(),
                        past,
                        batch.mask(),
                        attended,
                        layers.places().attended()[piece]);
            } else {
                int width = splitting.attended();
                Rows into =
                        keyType.rows(
                                        SharedTensor.memory(attended, layers.manager()),
                                        splitting.pieces() * width)
                                .columns(piece * width, width);
                attention[piece].run(heads[0], heads[1], heads[2], past, into);
            }
        }
    }

    /** Keys and values of the prefix for a piece's heads, an empty list where there is none. */
    private Value past(int index, int piece) {
        Value ofAll = batch.past().apply(index);
        return program.run("piece_past", ofAll, layers.places().piece()[piece]);
    }

    @Override
    public Value lastLayer() {
        int index = layers.config().layers() - 1;
        int sequences = batch.lengths().length;
        try (Value ofLast = attended(sequences);
                Value normed = normed("attention_norm", stream, index);
                Value last = program.run("last_rows", stream, batch.lens())) {
            share(piece -> attendLast(index, piece, normed, ofLast));
            finish(index, ofLast, last, sequences);
            return program.run("final_norm", last, layers.likeStream(), layers.epsilon());
        }
    }

    private void attendLast(int index, int piece, Value normed, Value into) {
        try (Value past = past(index, piece)) {
            run(
                    "last_piece",
                    normed,
                    layers.weights(index, piece),
                    batch.lens(),
                    batch.angles(),
                    past,
                    layers.epsilon(),
                    into,
                    layers.places().attended()[piece]);
        }
    }

    /** What follows attention, added to rows of a stream. */
    private void finish(int index, Value from, Value onto, int rows) {
        share(
                piece ->
                        run(
                                "add_attended_piece",
                                onto,
                                from,
                                layers.weights(index, piece),
                                layers.places().hidden()[piece]));
        for (int first = 0; first < rows; first += SLICE) {
            feedForward(index, onto, first, Math.min(SLICE, rows - first));
        }
    }

    private void feedForward(int index, Value onto, int first, int count) {
        try (Value rows = some(onto, first, count);
                Value between = some(gated, 0, count)) {
            try (Value normed = normed("feed_forward_norm", rows, index)) {
                share(
                        piece ->
                                run(
                                        "gate_piece",
                                        normed,
                                        layers.weights(index, piece),
                                        between,
                                        layers.places().intermediate()[piece]));
            }
            share(
                    piece ->
                            run(
                                    "add_gated_piece",
                                    rows,
                                    between,
                                    layers.weights(index, piece),
                                    layers.places().hidden()[piece]));
        }
    }

    private Value some(Value rows, int first, int count) {
        try (Value from = program.value(IValue.from((long) first));
                Value many = program.value(IValue.from((long) count))) {
            return program.run("some_rows", rows, from, many);
        }
    }

    @Override
    public void close() {
        gated.close();
        attended.close();
        stream.close();
    }
}
