package io.github.qwen3retrieval.models.natives;

import io.github.qwen3retrieval.models.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The unpacked native libraries: libtorch with DJL's bridge to it, and the tokenizers library.
 *
 * <p>Left alone, DJL copies the libraries out of its jars into the user's home, or downloads them,
 * and reports home from EC2. Told where they lie, it does none of it.
 *
 * @param pytorch folder that holds libtorch and libdjl_torch
 * @param tokenizers folder that holds libtokenizers
 */
public record Natives(Path pytorch, Path tokenizers) {

    /** System property that names the folder holding {@code pytorch} and {@code tokenizers}. */
    public static final String FOLDER_PROPERTY = "qwen3.natives";

    /**
     * The system properties that {@link #prepare()} sets; inside Elasticsearch the entitlement
     * policy must grant them.
     */
    public static final List<String> PROPERTIES =
            List.of(
                    "PYTORCH_LIBRARY_PATH",
                    "PYTORCH_FLAVOR",
                    "RUST_LIBRARY_PATH",
                    "DJL_CACHE_DIR",
                    "ai.djl.offline",
                    "jna.noclasspath",
                    "jna.tmpdir");

    /** The libraries under {@code folder}, in its sub-folders pytorch and tokenizers. */
    public static Natives in(Path folder) {
        return new Natives(folder.resolve("pytorch"), folder.resolve("tokenizers"));
    }

    /**
     * The libraries under the folder that the system property {@value #FOLDER_PROPERTY} names.
     *
     * @throws ModelException if the property is not set
     */
    public static Natives fromSystemProperty() {
        String folder = System.getProperty(FOLDER_PROPERTY);
        if (folder == null || folder.isEmpty()) {
            throw new ModelException(
                    "system property ["
                            + FOLDER_PROPERTY
                            + "] is not set: it names the folder of the native libraries"
                            + " (sub-folders pytorch and tokenizers); start with the qwen3"
                            + " launcher, which sets it");
        }
        return in(Path.of(folder));
    }

    /**
     * Tells DJL where its libraries lie, so that it neither copies nor downloads anything. Loads
     * nothing itself; may be called again.
     *
     * @return these libraries
     * @throws ModelException if a library is missing or a property may not be set
     */
    public Natives prepare() {
        require(pytorch, "torch");
        require(pytorch, "djl_torch");
        Path tokenizer = require(tokenizers, "tokenizers");
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("PYTORCH_LIBRARY_PATH", pytorch.toAbsolutePath().toString());
        wanted.put("PYTORCH_FLAVOR", flavor());
        // the file, not its folder: for a folder DJL appends the GPU's architecture to the path
        wanted.put("RUST_LIBRARY_PATH", tokenizer.toAbsolutePath().toString());
        wanted.put("DJL_CACHE_DIR", pytorch.toAbsolutePath().resolveSibling("cache").toString());
        // also keeps DJL from reporting its use
        wanted.put("ai.djl.offline", "true");
        wanted.putAll(gpuDetection());
        wanted.forEach(Natives::set);
        return this;
    }

    /**
     * DJL looks for GPUs through JNA, which unpacks a library of its own into the user's home.
     * Without CUDA there is nothing to look for; with it, the temporary folder serves.
     */
    private Map<String, String> gpuDetection() {
        return hasCuda()
                ? Map.of("jna.tmpdir", System.getProperty("java.io.tmpdir"))
                : Map.of("jna.noclasspath", "true");
    }

    private boolean hasCuda() {
        return Files.exists(pytorch.resolve(System.mapLibraryName("torch_cuda")));
    }

    /**
     * Runs {@code loading} with this class's loader as the thread's context loader: DJL looks its
     * property files up there, and inside a node that is another loader than the plugin's.
     */
    public static <T> T whileLoading(Supplier<T> loading) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Natives.class.getClassLoader());
        try {
            return loading.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** DJL's name of the build: the CPU's, or the CUDA version's that the user may override. */
    private String flavor() {
        return hasCuda() ? System.getProperty("PYTORCH_FLAVOR", "cu128") : "cpu";
    }

    private static Path require(Path folder, String library) {
        Path file = folder.resolve(System.mapLibraryName(library));
        if (Files.isRegularFile(file) == false) {
            throw new ModelException(
                    "native library ["
                            + file
                            + "] is missing: the build for another platform was installed, or the"
                            + " installation is incomplete; install the build for ["
                            + System.getProperty("os.name")
                            + " "
                            + System.getProperty("os.arch")
                            + "] again");
        }
        return file;
    }

    /** A node ignores a property that its entitlements do not grant, without a word. */
    private static void set(String name, String value) {
        System.setProperty(name, value);
        if (value.equals(System.getProperty(name)) == false) {
            throw new ModelException(
                    "system property ["
                            + name
                            + "] could not be set to ["
                            + value
                            + "]: grant it in entitlement-policy.yaml under write_system_properties");
        }
    }
}
