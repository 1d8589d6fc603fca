package io.github.qwen3retrieval.models.network;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import java.util.Arrays;

/**
 * Layers that are methods of the program, one call each, or two where attention is Java's: {@code
 * float.torchscript}.
 */
final class ScriptLayers implements Layers {

    private final Program program;
    private final PtNDManager manager;
    private final Qwen3Config config;
    private final Weights weights;
    private final KeyType keyType;
    private final Value epsilon;
    private final int last;

    /**
     * Takes the weights over.
     *
     * @param program with float.torchscript
     * @param manager of the network
     * @param precision of the weights
     */
    ScriptLayers(
            Program program,
            PtNDManager manager,
            Qwen3Config config,
            Precision precision,
            Weights weights) {
        this.program = program;
        this.manager = manager;
        this.config = config;
        this.weights = weights;
        keyType = KeyType.of(precision);
        epsilon = program.value(IValue.from(config.rmsNormEps()));
        last = config.layers() - 1;
    }

    @Override
    public Value likeStream() {
        return weights.finalGain();
    }

    @Override
    public Value likeKeys() {
        return weights.finalGain();
    }

    @Override
    public Stream begin(Value rows, Batch batch, Interruption interruption) {
        return new ScriptStream(rows, batch);
    }

    @Override
    public void close() {
        epsilon.close();
        weights.close();
    }

    private final class ScriptStream implements Stream {

        private final Batch batch;
        private final JavaAttention attention;
        private Value stream;

        ScriptStream(Value rows, Batch batch) {
            this.batch = batch;
            stream = rows;
            attention =
                    JavaAttention.whereItSuits(
                            program,
                            manager,
                            JavaAttention.Heads.of(config),
                            keyType,
                            batch,
                            RowLanes.ONE);
        }

        @Override
        public Value layer(int index) {
            return attention == null ? whole(index) : inTwo(index);
        }

        /** With attention between the two. */
        private Value inTwo(int index) {
            Value weight = weights.layer(index);
            Value[] heads = program.runList("begin_layer", stream, weight, batch.angles(), epsilon);
            try (Value attended = attention.of(heads[0], heads[1], heads[2], index)) {
                Value next = program.run("end_layer", stream, attended, weight, epsilon);
                stream.close();
                stream = next;
                return program.value(IValue.listFrom(Value.raws(heads[1], heads[2])));
            } finally {
                Arrays.stream(heads).forEach(Value::close);
            }
        }

        private Value whole(int index) {
            Value[] out =
                    program.runList(
                            "layer",
                            stream,
                            weights.layer(index),
                            batch.lens(),
                            batch.angles(),
                            batch.past().apply(index),
                            batch.mask(),
                            epsilon);
            stream.close();
            stream = out[0];
            try {
                return program.value(IValue.listFrom(Value.raws(out[1], out[2])));
            } finally {
                out[1].close();
                out[2].close();
            }
        }

        @Override
        public Value lastLayer() {
            return program.run(
                    "last_layer",
                    stream,
                    weights.layer(last),
                    batch.lens(),
                    batch.angles(),
                    batch.past().apply(last),
                    weights.finalGain(),
                    epsilon);
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
