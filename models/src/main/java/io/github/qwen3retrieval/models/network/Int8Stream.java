package io.github.qwen3retrieval.models.network;

import ai.djl.pytorch.jni.IValue;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.int8.Preparation;
import io.github.qwen3retrieval.models.int8.Projection;
import io.github.qwen3retrieval.models.rows.GateRounding;
import io.github.qwen3retrieval.models.rows.HeadRotation;
import io.github.qwen3retrieval.models.rows.NormRounding;
import io.github.qwen3retrieval.models.rows.PlainRounding;
import io.github.qwen3retrieval.models.rows.Rows;
import io.github.qwen3retrieval.models.rows.StepSum;
import java.util.Arrays;

/**
 * A pass in 8-bit integers. Products of matrices and attention are the program's; what stands
 * between them is Java's, in slices of rows, so that what one step wrote is still in the cache when
 * the next one reads it.
 */
final class Int8Stream implements Layers.Stream {

    /** Rows that go through a layer's steps together. */
    private static final int SLICE = 512;

    /** Code of the type of unsigned bytes in torch's enumeration of scalar types. */
    private static final int UNSIGNED_BYTES = 0;

    private final Int8Layers layers;
    private final Layers.Batch batch;
    private final Qwen3Config config;
    private final int tokens;
    private final HeadRotation.Angles angles;
    private final HeadRotation rotation;
    private final NormRounding norm;
    private final PlainRounding plain;
    private final GateRounding gate;
    private final StepSum sum;
    private final SharedTensor stream;

    Int8Stream(Int8Layers layers, Value rows, Layers.Batch batch) {
        this.layers = layers;
        this.batch = batch;
        config = layers.config();
        tokens = Math.toIntExact(Arrays.stream(batch.lengths()).sum());
        int heads = config.heads();
        float epsilon = (float) config.rmsNormEps();
        rotation = new HeadRotation(heads, config.kvHeads(), config.headDim(), epsilon);
        norm = new NormRounding(config.hiddenSize(), block(Projection.QKV), epsilon);
        plain = new PlainRounding(heads * config.headDim());
        gate = new GateRounding(config.intermediateSize(), block(Projection.DOWN));
        sum = new StepSum(config.hiddenSize());
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

    private int block(Projection before) {
        return Preparation.before(before, config).block();
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
            try (Value attended =
                    program()
                            .run(
                                    "attended",
                                    heads.queries.value(),
                                    heads.keys.value(),
                                    heads.values.value(),
                                    batch.lens(),
                                    batch.past().apply(index),
                                    batch.mask())) {
                finish(index, attended, stream, tokens);
            }
            return program()
                    .value(IValue.listFrom(Value.raws(heads.keys.value(), heads.values.value())));
        }
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
        Value memory = layers.memory(type.torchType(), tokens, count, config.headDim());
        return SharedTensor.of(memory, layers.manager());
    }

    private void fill(Heads heads, int index) {
        KeyType type = layers.keyType();
        int queries = config.heads() * config.headDim();
        int keys = config.kvHeads() * config.headDim();
        HeadRotation.Heads into =
                new HeadRotation.Heads(
                        type.rows(heads.queries.bytes(), queries),
                        type.rows(heads.keys.bytes(), keys),
                        type.rows(heads.values.bytes(), keys));
        Int8Layers.Gains gains = layers.gains(index);
        HeadRotation.Gains headGains = new HeadRotation.Gains(gains.queries(), gains.keys());
        Rows rows = rows(stream);
        for (int first = 0; first < tokens; first += SLICE) {
            float[] steps = new float[Math.min(SLICE, tokens - first)];
            try (SharedTensor rounded = bytes(steps.length, config.hiddenSize())) {
                norm.run(rows, first, gains.input(), rounded.bytes(), steps);
                try (SharedTensor product = layers.multiply(rounded, index, Projection.QKV)) {
                    Rows projected = layers.productRows(product, Projection.QKV);
                    rotation.run(projected, steps, headGains, angles, into, first);
                }
            }
        }
    }

    /** What follows attention, added to the rows of a stream. */
    private void finish(int index, Value attended, SharedTensor onto, int count) {
        int width = config.heads() * config.headDim();
        Rows heads = layers.keyType().rows(SharedTensor.memory(attended, layers.manager()), width);
        Rows rows = rows(onto);
        for (int first = 0; first < count; first += SLICE) {
            float[] steps = new float[Math.min(SLICE, count - first)];
            try (SharedTensor rounded = bytes(steps.length, width)) {
                plain.run(heads, first, rounded.bytes(), steps);
                add(rounded, index, Projection.ATTENTION_OUTPUT, steps, rows, first);
            }
            feedForward(index, rows, first, steps);
        }
    }

    private void feedForward(int index, Rows rows, int first, float[] steps) {
        try (SharedTensor rounded = bytes(steps.length, config.hiddenSize());
                SharedTensor gated = bytes(steps.length, config.intermediateSize())) {
            norm.run(rows, first, layers.gains(index).inner(), rounded.bytes(), steps);
            try (SharedTensor product = layers.multiply(rounded, index, Projection.GATE_UP)) {
                Rows gateAndUp = layers.productRows(product, Projection.GATE_UP);
                gate.run(gateAndUp, gated.bytes(), steps);
            }
            add(gated, index, Projection.DOWN, steps, rows, first);
        }
    }

    private void add(
            SharedTensor rounded,
            int index,
            Projection matrix,
            float[] steps,
            Rows onto,
            int first) {
        try (SharedTensor product = layers.multiply(rounded, index, matrix)) {
            sum.run(layers.productRows(product, matrix), steps, onto, first);
        }
    }

    private SharedTensor bytes(int rows, int width) {
        return SharedTensor.of(layers.memory(UNSIGNED_BYTES, rows, width), layers.manager());
    }

    private Rows rows(SharedTensor ofStream) {
        return Rows.float32(ofStream.bytes(), config.hiddenSize());
    }

    @Override
    public void close() {
        stream.close();
    }
}
