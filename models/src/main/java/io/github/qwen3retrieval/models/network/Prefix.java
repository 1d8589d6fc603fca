package io.github.qwen3retrieval.models.network;

import java.util.List;

/**
 * A beginning that many sequences share, computed once: its keys and values in every layer, for the
 * sequences to attend to. Its owner closes it when no pass uses it any more.
 */
public final class Prefix implements AutoCloseable {

    private final int length;
    private final List<Value> keysAndValues;

    Prefix(int length, List<Value> keysAndValues) {
        this.length = length;
        this.keysAndValues = keysAndValues;
    }

    /** Tokens of the prefix. */
    public int length() {
        return length;
    }

    /** Keys and values [P, K, D] of a layer. */
    Value layer(int index) {
        return keysAndValues.get(index);
    }

    @Override
    public void close() {
        keysAndValues.forEach(Value::close);
    }
}
