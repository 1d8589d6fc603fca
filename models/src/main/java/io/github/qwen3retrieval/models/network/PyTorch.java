package io.github.qwen3retrieval.models.network;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.djl.pytorch.engine.PtEngineProvider;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.natives.Natives;

/** The PyTorch engine of this process: there is one, however many models or nodes use it. */
public final class PyTorch {

    private static final String NAME = "PyTorch";

    private PyTorch() {}

    /**
     * Loads libtorch from the given folders, once in the life of the process; later calls change
     * nothing.
     *
     * @throws ModelException if a library is missing or does not fit this machine
     */
    public static synchronized void start(Natives natives) {
        natives.prepare();
        try {
            // Registered by hand: the service loader looks through the class path of the calling
            // thread, which in Elasticsearch is not the plugin's.
            if (Engine.hasEngine(NAME) == false) {
                Engine.registerEngine(new PtEngineProvider());
            }
            Natives.whileLoading(() -> Engine.getEngine(NAME));
        } catch (EngineException | LinkageError e) {
            throw new ModelException(
                    "libtorch in [" + natives.pytorch() + "] cannot be loaded: " + reason(e), e);
        }
    }

    /** DJL wraps what the loader said in words that say nothing. */
    private static String reason(Throwable e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest.getMessage());
    }

    /**
     * Readies the calling thread for passes: one thread of arithmetic each, because whole passes
     * side by side outrun one pass split over threads (where there are idle ones, {@link
     * Interruption#share} has them), and no just-in-time fusion, whose first calls cost more than
     * they ever save here.
     */
    public static void enter() {
        JniUtils.setGraphExecutorOptimize(false);
        JniUtils.setNumThreads(1);
    }

    /** Version of the libtorch that runs. */
    public static String version() {
        return Engine.getEngine(NAME).getVersion();
    }

    /**
     * The device a setting names.
     *
     * @param setting {@code auto} (a CUDA device where there is one), {@code cpu}, {@code cuda} or
     *     {@code cuda:N}
     * @throws IllegalArgumentException if there is no such device
     */
    public static Device device(String setting) {
        Engine engine = Engine.getEngine(NAME);
        // only a CUDA build of libtorch has reason to look for devices, which loads more libraries
        int gpus = engine.hasCapability(StandardCapabilities.CUDA) ? engine.getGpuCount() : 0;
        if (setting.equals("cpu") || (setting.equals("auto") && gpus == 0)) {
            return Device.cpu();
        }
        int index = 0;
        if (setting.matches("cuda:\\d{1,4}")) {
            index = Integer.parseInt(setting.substring("cuda:".length()));
        } else if (setting.equals("cuda") == false && setting.equals("auto") == false) {
            throw new IllegalArgumentException(
                    "[device] must be one of [auto, cpu, cuda, cuda:N], got [" + setting + "]");
        }
        if (index >= gpus) {
            throw new IllegalArgumentException(
                    "[device] is ["
                            + setting
                            + "] but libtorch sees ["
                            + gpus
                            + "] CUDA devices; use [cpu] or install the CUDA build of the plugin");
        }
        return Device.gpu(index);
    }

    /** A new owner of native arrays on the device; the caller closes it. */
    static PtNDManager newManager(Device device) {
        return (PtNDManager) Engine.getEngine(NAME).newBaseManager(device);
    }
}
