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

/**
 * The program {@code qwen3.torchscript}, loaded. Its methods take and give values that the caller
 * closes; a value that is not closed is leaked for good.
 */
final class Program {

    private final PtSymbolBlock module;

    /** Loads the program; it lives as long as the manager. */
    Program(PtNDManager manager) {
        byte[] archive = ScriptArchive.of("qwen3.torchscript");
        try {
            module = JniUtils.loadModule(manager, new ByteArrayInputStream(archive), true, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs one method of the program. The result is the caller's to close. */
    IValue run(String method, IValue... arguments) {
        return IValueUtils.runMethod(module, method, arguments);
    }

    /** Runs a method whose result is a list of tensors; each element is the caller's to close. */
    IValue[] runList(String method, IValue... arguments) {
        try (IValue list = run(method, arguments)) {
            return list.toIValueArray();
        }
    }

    /** The numbers of a tensor, row by row, whatever its type and device. */
    float[] fetch(IValue tensor, PtNDManager manager) {
        try (IValue fetched = run("fetch", tensor);
                PtNDArray array = fetched.toTensor(manager)) {
            return array.toFloatArray();
        }
    }
}
