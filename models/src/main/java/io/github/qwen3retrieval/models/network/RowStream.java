package io.github.qwen3retrieval.models.network;

import ai.djl.pytorch.jni.IValue;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.int8.Projection;
import io.github.qwen3retrieval.models.rows.HeadRotation;
import io.github.qwen3retrieval.models.rows.Rows;
import java.util.Arrays;

/**
 * A pass through {@link RowLayers}. Attention is Java's too or the program's, products of matrices
 * are {@link Products}; what stands between them is Java's, in slices of rows, so that what one
 * step wrote is still in the cache when the next one reads it.
 */
final class RowStream implements Layers.Stream {

    /** Rows that go through a layer's steps together. */
    private static final int SLICE = 512;

    private final RowLayers layers;
    private final Layers.Batch batch;
    private final Qwen3Config config;
    private final int tokens;
    private final HeadRotation.Angles angles;
    private final RowLanes lanes;
    private final HeadRotation[] rotations;
    private final JavaAttention attention;
    private final Products products;
    private final SharedTensor stream;

    RowStream(RowLayers layers, Value rows, Layers.Batch batch, Interruption interruption) {
        this.layers = layers;
        this.batch = batch;
        config = layers.config();
        tokens = Math.toIntExact(Arrays.stream(batch.lengths()).sum());
        int heads = config.heads();
        float epsilon = (float) config.rmsNormEps();
        lanes = new RowLanes(interruption, layers.lanes());
        rotations = new HeadRotation[layers.lanes()];
        Arrays.setAll(
                rotations,
                lane -> new HeadRotation(heads, config.kvHeads(), config.headDim(), epsilon));
        attention = attention();
        products = layers.products(interruption);
        stream = SharedTensor.of(rows, layers.manager());
        boolean ready = false;
        try {
            angles = angles(batch.angles());
            ready = true;
        } finally {
            if (ready == false) {
                stream.close();
            }
        }
    }

    /** Java's, or null where the program is to compute it: in bfloat16 it does so in tiles. */
    private JavaAttention attention() {
        return layers.keyType() == KeyType.FLOAT32
                ? JavaAttention.whereItSuits(
                        program(),
                        layers.manager(),
                        JavaAttention.Heads.of(config),
                        KeyType.FLOAT32,
                        batch,
                        lanes)
                : null;
    }

    private HeadRotation.Angles angles(Value both) {
        IValue[] raw = both.raw().toIValueArray();
        try (Value cosines = program().value(raw[0]);
                Value sines = program().value(raw[1])) {
            return new HeadRotation.Angles(
                    program().fetch(cosines, layers.manager()),
                    program().fetch(sines, layers.manager()));
        }
    }

    private Program program() {
        return layers.program();
    }

    /** Queries [T, N, D], keys and values [T, K, D] of a layer, in the type of keys. */
    private record Heads(SharedTensor queries, SharedTensor keys, SharedTensor values)
            implements AutoCloseable {

        @Override
        public void close() {
            queries.close();
            keys.close();
            values.close();
        }
    }

    @Override
    public Value layer(int index) {
        try (Heads heads = heads(index)) {
            try (Value attended = attended(heads, index)) {
                finish(index, attended, stream, tokens);
            }
            return program()
                    .value(IValue.listFrom(Value.raws(heads.keys.value(), heads.values.value())));
        }
    }

    private Value attended(Heads heads, int index) {
        Value queries = heads.queries.value();
        Value keys = heads.keys.value();
        Value values = heads.values.value();
        return attention == null
                ? program()
                        .run(
                                "attended",
                                queries,
                                keys,
                                values,
                                batch.lens(),
                                batch.past().apply(index),
                                batch.mask())
                : attention.of(queries, keys, values, index);
    }

    @Override
    public Value lastLayer() {
        int index = config.layers() - 1;
        try (Heads heads = heads(index);
                Value queries = program().run("last_rows", heads.queries.value(), batch.lens());
                Value attended =
                        program()
                                .run(
                                        "attended_last",
                                        queries,
                                        heads.keys.value(),
                                        heads.values.value(),
                                        batch.lens(),
                                        batch.past().apply(index));
                SharedTensor last =
                        SharedTensor.of(
                                program().run("last_rows", stream.value(), batch.lens()),
                                layers.manager())) {
            finish(index, attended, last, batch.lengths().length);
            return program().run("final_norm", last.value(), layers.likeStream(), layers.epsilon());
        }
    }

    private Heads heads(int index) {
        SharedTensor queries = null;
        SharedTensor keys = null;
        SharedTensor values = null;
        boolean done = false;
        try {
            queries = heads(config.heads(), layers.keyType());
            keys = heads(config.kvHeads(), layers.keyType());
            values = heads(config.kvHeads(), layers.keyType());
            Heads heads = new Heads(queries, keys, values);
            fill(heads, index);
            done = true;
            return heads;
        } finally {
            if (done == false) {
                for (SharedTensor made : new SharedTensor[] {queries, keys, values}) {
                    if (made != null) {
                        made.close();
                    }
                }
            }
        }
    }

    private SharedTensor heads(int count, KeyType type) {
        Value memory = program().memory(type.torchType(), tokens, count, config.headDim());
        return SharedTensor.of(memory, layers.manager());
    }

    private void fill(Heads heads, int index) {
        RowLayers.Gains gains = layers.gains(index);
        HeadRotation.Gains headGains = new HeadRotation.Gains(gains.queries(), gains.keys());
        Rows rows = rows(stream);
        for (int first = 0; first < tokens; first += SLICE) {
            int start = first;
            int count = Math.min(SLICE, tokens - first);
            try (ScaledRows normed = products.norm(rows, first, count, gains.input());
                    ScaledRows projected = products.multiply(normed, index, Projection.QKV)) {
                lanes.share(
                        projected.worth(),
                        (lane, from, worth) ->
                                rotations[lane].run(
                                        products.rows(projected, Projection.QKV).from(from),
                                        worth,
                                        headGains,
                                        angles,
                                        into(heads),
                                        start + from));
            }
        }
    }

    private HeadRotation.Heads into(Heads heads) {
        KeyType type = layers.keyType();
        int queries = config.heads() * config.headDim();
        int keys = config.kvHeads() * config.headDim();
        return new HeadRotation.Heads(
                type.rows(heads.queries.bytes(), queries),
                type.rows(heads.keys.bytes(), keys),
                type.rows(heads.values.bytes(), keys));
    }

    /** What follows attention, added to the rows of a stream. */
    private void finish(int index, Value attended, SharedTensor onto, int tokens) {
        int width = config.heads() * config.headDim();
        Rows heads = layers.keyType().rows(SharedTensor.memory(attended, layers.manager()), width);
        for (int first = 0; first < tokens; first += SLICE) {
            int count = Math.min(SLICE, tokens - first);
            try (ScaledRows rows = products.plain(heads, first, count)) {
                products.add(rows, index, Projection.ATTENTION_OUTPUT, onto, first);
            }
            feedForward(index, onto, first, count);
        }
    }

    private void feedForward(int index, SharedTensor onto, int first, int count) {
        float[] gain = layers.gains(index).inner();
        try (ScaledRows normed = products.norm(rows(onto), first, count, gain);
                ScaledRows gateAndUp = products.multiply(normed, index, Projection.GATE_UP);
                ScaledRows gated = products.gate(gateAndUp)) {
            products.add(gated, index, Projection.DOWN, onto, first);
        }
    }

    private Rows rows(SharedTensor ofStream) {
        return Rows.float32(ofStream.bytes(), config.hiddenSize());
    }

    @Override
    public void close() {
        stream.close();
    }
}
