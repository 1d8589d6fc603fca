package io.github.qwen3retrieval.models.serving;

import ai.djl.Device;
import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.FilesStamp;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.natives.FreedMemory;
import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.network.LiveArrays;
import io.github.qwen3retrieval.models.network.Network;
import io.github.qwen3retrieval.models.network.Precision;
import io.github.qwen3retrieval.models.network.PyTorch;
import io.github.qwen3retrieval.models.tokenizer.Qwen3Tokenizer;
import io.github.qwen3retrieval.models.tokenizer.RerankPrompt;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model that is ready: its mapped checkpoint, its tokenizer and its network. It is closed when
 * the last of those that hold it lets go: whoever opened it, and every piece of work that it is to
 * do.
 */
final class OpenModel {

    private final How how;
    private final Checkpoint checkpoint;
    private final Qwen3Tokenizer tokenizer;
    private final Network network;
    private final long bytes;
    private final FilesWatch files;
    private final SharedPrefix template;
    private final Instructions instructions;
    private final AtomicInteger holders = new AtomicInteger(1);

    /**
     * How to open a model.
     *
     * @param natives the libraries, of which the first model opened in a process loads libtorch
     * @param precision what to compute in
     * @param device where to compute, as in settings
     * @param memory asked before weights are loaded
     * @param live counts what is in native memory
     * @param beside loads libtorch while the checkpoint's files are read, opens the tokenizer while
     *     its weights are, and then takes part in that
     * @param threads that passes will have
     * @param generation of all the models opened on a node, no two have the same
     */
    record How(
            Natives natives,
            Precision precision,
            String device,
            MemoryBudget memory,
            LiveArrays live,
            Executor beside,
            int threads,
            long generation) {}

    /**
     * Opens the checkpoint in a folder. The caller holds it.
     *
     * @throws ModelException if it is incomplete or damaged, or if a library does not load
     */
    static OpenModel open(Path folder, How how) {
        // both libraries are found by what this sets
        how.natives.prepare();
        CompletableFuture<Void> libtorch =
                CompletableFuture.runAsync(() -> PyTorch.start(how.natives), how.beside);
        CompletableFuture<Qwen3Tokenizer> tokenizer = new CompletableFuture<>();
        Checkpoint checkpoint = null;
        Network network = null;
        long bytes = 0;
        boolean opened = false;
        try {
            checkpoint =
                    Checkpoint.open(
                            folder,
                            text ->
                                    tokenizer.completeAsync(
                                            () -> Qwen3Tokenizer.open(text), how.beside));
            await(libtorch);
            PyTorch.enter();
            Device where = PyTorch.device(how.device);
            long needed = Network.weightBytes(checkpoint, how.precision, where);
            how.memory.reserve(needed, "qwen3 weights of [" + checkpoint.modelId() + "]");
            bytes = needed;
            network =
                    new Network(
                            checkpoint, how.precision, where, how.live, how.beside, how.threads);
            OpenModel model = new OpenModel(how, checkpoint, await(tokenizer), network, bytes);
            opened = true;
            // what converting the weights took on the way
            FreedMemory.giveBack();
            return model;
        } finally {
            if (opened == false) {
                if (network != null) {
                    network.close();
                }
                how.memory.release(bytes);
                tokenizer.thenAccept(Qwen3Tokenizer::close);
                if (checkpoint != null) {
                    checkpoint.close();
                }
            }
        }
    }

    private static <T> T await(CompletableFuture<T> part) {
        try {
            return part.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new ModelException("a library cannot be loaded: " + e.getCause(), e);
        }
    }

    private OpenModel(
            How how, Checkpoint checkpoint, Qwen3Tokenizer tokenizer, Network network, long bytes) {
        this.how = how;
        this.checkpoint = checkpoint;
        this.tokenizer = tokenizer;
        this.network = network;
        this.bytes = bytes;
        this.files = new FilesWatch(checkpoint.folder(), checkpoint.stamp());
        int[] fixed = RerankPrompt.template(tokenizer);
        this.template = new SharedPrefix(null, fixed, network, how.memory, 1);
        this.instructions = new Instructions(network, how.memory);
    }

    /** Holds the model open, unless it is closed already; whoever was told true releases it. */
    boolean retain() {
        return holders.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    /** Lets go of the model; the last one closes it. */
    void release() {
        if (holders.decrementAndGet() == 0) {
            template.release();
            instructions.release();
            network.close();
            tokenizer.close();
            checkpoint.close();
            how.memory.release(bytes);
            FreedMemory.giveBack();
        }
    }

    String id() {
        return checkpoint.modelId();
    }

    /** Tells this model from others that were or will be opened under the same id. */
    long generation() {
        return how.generation;
    }

    ModelKind kind() {
        return checkpoint.kind();
    }

    int hiddenSize() {
        return checkpoint.config().hiddenSize();
    }

    int layers() {
        return checkpoint.config().layers();
    }

    /** Bytes of the weights in the files. */
    long storedBytes() {
        return checkpoint.weightBytes();
    }

    /** The files it was opened from, as they were then. */
    FilesStamp stamp() {
        return checkpoint.stamp();
    }

    /** Whether its files are still those it was opened from. */
    FilesWatch files() {
        return files;
    }

    /** Positions the model was made for: the longest text it can read. */
    int maxPositions() {
        return checkpoint.config().maxPositions();
    }

    Qwen3Tokenizer tokenizer() {
        return tokenizer;
    }

    Network network() {
        return network;
    }

    /** What all prompts of a reranker begin with. */
    SharedPrefix template() {
        return template;
    }

    /** What texts to embed began with of late. */
    Instructions instructions() {
        return instructions;
    }

    Precision precision() {
        return how.precision;
    }

    /** Memory of the weights outside the page cache. */
    long bytes() {
        return bytes;
    }
}
