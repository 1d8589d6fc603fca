package io.github.qwen3retrieval.models.network;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The program {@code qwen3.torchscript} with an arithmetic's part, loaded. Its methods take and
 * give values that the caller closes.
 */
final class Program {

    private final PtSymbolBlock module;
    private final LiveArrays live;

    /**
     * Loads the program; it lives as long as the manager.
     *
     * @param arithmetic resources with the steps in which arithmetics differ
     * @param live counts the values that its methods give
     */
    Program(PtNDManager manager, List<String> arithmetic, LiveArrays live) {
        this.live = live;
        List<String> parts = new ArrayList<>(arithmetic);
        parts.addFirst("qwen3.torchscript");
        byte[] archive = ScriptArchive.of(parts.toArray(String[]::new));
        try {
            module = JniUtils.loadModule(manager, new ByteArrayInputStream(archive), true, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes over a value that was made for this program. */
    Value value(IValue raw) {
        return Value.of(raw, live);
    }

    /** Takes over an array that was made for this program. */
    Value value(PtNDArray array) {
        return Value.of(array, live);
    }

    /** Runs one method of the program. The result is the caller's to close. */
    Value run(String method, Value... arguments) {
        return value(IValueUtils.runMethod(module, method, Value.raws(arguments)));
    }

    /** Runs a method whose result is a list of tensors; each element is the caller's to close. */
    Value[] runList(String method, Value... arguments) {
        try (Value list = run(method, arguments)) {
            return Arrays.stream(list.raw().toIValueArray()).map(this::value).toArray(Value[]::new);
        }
    }

    /**
     * A tensor on the CPU whose numbers are yet to be written.
     *
     * @param torchType code of the type in torch's enumeration of scalar types
     */
    Value memory(int torchType, long... shape) {
        try (Value size = value(IValue.listFrom(shape));
                Value type = value(IValue.from((long) torchType))) {
            return run("memory", size, type);
        }
    }

    /** The numbers of a tensor, row by row, whatever its type and device. */
    float[] fetch(Value tensor, PtNDManager manager) {
        try (Value fetched = run("fetch", tensor);
                PtNDArray array = fetched.raw().toTensor(manager)) {
            return array.toFloatArray();
        }
    }
}
