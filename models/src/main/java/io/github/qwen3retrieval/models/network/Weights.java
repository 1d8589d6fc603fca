package io.github.qwen3retrieval.models.network;

import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The weights of a network in libtorch's hands: one list of tensors per layer, in the order that
 * the arithmetic's part of the program gives, and the gain of the final norm.
 */
final class Weights implements AutoCloseable {

    private final List<Value> layers = new ArrayList<>();
    private Value finalGain;

    private Weights() {}

    /** How an arithmetic loads a layer. */
    interface Layer {

        /** Adds the tensors one by one: where a later one fails, the others are closed. */
        void load(int index, List<Value> into);
    }

    /**
     * Loads the weights layer by layer.
     *
     * @param program makes the lists
     * @param layer loads the tensors of a layer, which are closed here
     * @param finalGain gives the gain of the final norm
     */
    static Weights load(Program program, int layers, Layer layer, Supplier<Value> finalGain) {
        Weights weights = new Weights();
        boolean loaded = false;
        try {
            for (int i = 0; i < layers; i++) {
                weights.add(program, i, layer);
            }
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
        List<Value> tensors = new ArrayList<>();
        try {
            layer.load(index, tensors);
            Value[] all = tensors.toArray(Value[]::new);
            layers.add(program.value(IValue.listFrom(Value.raws(all))));
        } finally {
            tensors.forEach(Value::close);
        }
    }

    /** Tensors of one layer. */
    Value layer(int index) {
        return layers.get(index);
    }

    /** Gain of the final norm [H]. */
    Value finalGain() {
        return finalGain;
    }

    @Override
    public void close() {
        layers.forEach(Value::close);
        layers.clear();
        if (finalGain != null) {
            finalGain.close();
        }
    }
}
