package io.github.qwen3retrieval.models.network;

import ai.djl.pytorch.jni.IValue;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;

/** Layers that are methods of the program, one call each: float.torchscript. */
final class ScriptLayers implements Layers {

    private final Program program;
    private final Weights weights;
    private final Value epsilon;
    private final int last;

    /** Takes the weights over. */
    ScriptLayers(Program program, Weights weights, Qwen3Config config) {
        this.program = program;
        this.weights = weights;
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
    public Stream begin(Value rows, Batch batch) {
        return new ScriptStream(rows, batch);
    }

    @Override
    public void close() {
        epsilon.close();
        weights.close();
    }

    private final class ScriptStream implements Stream {

        private final Batch batch;
        private Value stream;

        ScriptStream(Value rows, Batch batch) {
            this.batch = batch;
            stream = rows;
        }

        @Override
        public Value layer(int index) {
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
