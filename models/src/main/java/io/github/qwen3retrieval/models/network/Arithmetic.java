package io.github.qwen3retrieval.models.network;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDManager;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import java.util.List;
import java.util.concurrent.Executor;

/** What the precisions of a network differ in: steps of the program, and the weights they read. */
sealed interface Arithmetic permits FloatArithmetic, PartArithmetic, Int8Arithmetic {

    /**
     * The arithmetic that a network of this checkpoint and precision computes in.
     *
     * @param threads that a pass will have at most
     */
    static Arithmetic of(Checkpoint checkpoint, Precision precision, Device device, int threads) {
        Precision settled = precision.on(device);
        if (settled == Precision.INT8) {
            return Int8Arithmetic.of(checkpoint, device, threads);
        }
        return PartArithmetic.suits(checkpoint, settled, device)
                ? new PartArithmetic(checkpoint, settled)
                : FloatArithmetic.of(checkpoint, settled, device, threads);
    }

    /** Resources with what it adds to {@code qwen3.torchscript}. */
    List<String> program();

    /**
     * Loads the layers. The checkpoint must stay open as long as they are used.
     *
     * @param beside takes part, where it has a thread for it
     * @throws io.github.qwen3retrieval.models.ModelException if this machine cannot compute so
     */
    Layers load(Program program, PtNDManager manager, Executor beside);

    /** Bytes of memory that the weights take outside the page cache. */
    long weightBytes();
}
