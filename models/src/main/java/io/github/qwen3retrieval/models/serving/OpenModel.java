package io.github.qwen3retrieval.models.serving;

import ai.djl.Device;
import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.network.Network;
import io.github.qwen3retrieval.models.network.Precision;
import io.github.qwen3retrieval.models.network.PyTorch;
import io.github.qwen3retrieval.models.tokenizer.Qwen3Tokenizer;
import java.nio.file.Path;

/** A model that is ready: its mapped checkpoint, its tokenizer and its network. */
final class OpenModel implements AutoCloseable {

    private final Checkpoint checkpoint;
    private final Qwen3Tokenizer tokenizer;
    private final Network network;
    private final Precision precision;
    private final MemoryBudget memory;
    private final long bytes;

    /**
     * Opens the checkpoint in a folder.
     *
     * @throws io.github.qwen3retrieval.models.ModelException if it is incomplete or damaged
     */
    static OpenModel open(Path folder, Precision precision, String device, MemoryBudget memory) {
        PyTorch.enter();
        Checkpoint checkpoint = Checkpoint.open(folder);
        Qwen3Tokenizer tokenizer = null;
        long bytes = 0;
        boolean opened = false;
        try {
            tokenizer = Qwen3Tokenizer.open(folder.resolve("tokenizer.json"));
            Device where = PyTorch.device(device);
            long needed = Network.weightBytes(checkpoint, precision, where);
            memory.reserve(needed, "qwen3 weights of [" + checkpoint.modelId() + "]");
            bytes = needed;
            Network network = new Network(checkpoint, precision, where);
            OpenModel model =
                    new OpenModel(checkpoint, tokenizer, network, precision, memory, bytes);
            opened = true;
            return model;
        } finally {
            if (opened == false) {
                memory.release(bytes);
                if (tokenizer != null) {
                    tokenizer.close();
                }
                checkpoint.close();
            }
        }
    }

    private OpenModel(
            Checkpoint checkpoint,
            Qwen3Tokenizer tokenizer,
            Network network,
            Precision precision,
            MemoryBudget memory,
            long bytes) {
        this.checkpoint = checkpoint;
        this.tokenizer = tokenizer;
        this.network = network;
        this.precision = precision;
        this.memory = memory;
        this.bytes = bytes;
    }

    String id() {
        return checkpoint.modelId();
    }

    ModelKind kind() {
        return checkpoint.kind();
    }

    int hiddenSize() {
        return checkpoint.config().hiddenSize();
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

    Precision precision() {
        return precision;
    }

    /** Memory of the weights outside the page cache. */
    long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        network.close();
        tokenizer.close();
        checkpoint.close();
        memory.release(bytes);
    }
}
