package io.github.qwen3retrieval.models.network;

import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The weights of a network in libtorch's hands: one list of tensors per layer, in the order that
 * the arithmetic's part of the program gives, and the gain of the final norm.
 */
final class Weights implements AutoCloseable {

    private final Value[] layers;
    private Value finalGain;

    private Weights(int layers) {
        this.layers = new Value[layers];
    }

    /** How an arithmetic loads a layer. */
    interface Layer {

        /** Adds the tensors one by one: where a later one fails, the others are closed. */
        void load(int index, List<Value> into);
    }

    /**
     * Loads the weights layer by layer, two at a time.
     *
     * @param program makes the lists
     * @param layer loads the tensors of a layer, which are closed here
     * @param finalGain gives the gain of the final norm
     * @param beside takes part, where it has a thread for it
     */
    static Weights load(
            Program program, int layers, Layer layer, Supplier<Value> finalGain, Executor beside) {
        Weights weights = new Weights(layers);
        boolean loaded = false;
        try {
            TwoLanes.run(layers, beside, i -> weights.add(program, i, layer));
            weights.finalGain = finalGain.get();
            loaded = true;
            return weights;
        } finally {
            if (loaded == false) {
                weights.close();
            }
        }
    }

    private void add(Program program, int index, Layer layer) {
        PyTorch.enter();
        List<Value> tensors = new ArrayList<>();
        try {
            layer.load(index, tensors);
            Value[] all = tensors.toArray(Value[]::new);
            layers[index] = program.value(IValue.listFrom(Value.raws(all)));
        } finally {
            tensors.forEach(Value::close);
        }
    }

    /** Tensors of one layer. */
    Value layer(int index) {
        return layers[index];
    }

    /** Gain of the final norm [H]. */
    Value finalGain() {
        return finalGain;
    }

    @Override
    public void close() {
        Arrays.stream(layers).filter(Objects::nonNull).forEach(Value::close);
        if (finalGain != null) {
            finalGain.close();
        }
    }
}
