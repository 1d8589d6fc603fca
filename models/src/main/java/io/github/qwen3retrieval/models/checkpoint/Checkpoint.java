package io.github.qwen3retrieval.models.checkpoint;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.tokenizer.TokenizerFile;
import io.github.qwen3retrieval.models.tokenizer.TokenizerText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An open checkpoint folder: every tensor that the network needs is there, has the shape that
 * config.json asks for, and is mapped. Nothing has been read of the weights yet.
 *
 * <p>Safe for use by many threads. A folder must not be changed while it is open: replace it as a
 * whole, under another name.
 */
public final class Checkpoint implements AutoCloseable {

    /** What to do where a file is missing. */
    static final String REMEDY =
            "run [qwen3 download REPOSITORY --into FOLDER], or copy the whole folder from Hugging"
                    + " Face (config.json, tokenizer.json and every safetensors file)";

    private final Path folder;
    private final Qwen3Config config;
    private final ModelKind kind;
    private final FilesStamp stamp;
    private final int shards;
    private volatile Map<String, StoredTensor> tensors;

    private Checkpoint(
            Path folder,
            Qwen3Config config,
            ModelKind kind,
            FilesStamp stamp,
            TensorTable table,
            Map<String, StoredTensor> tensors) {
        this.folder = folder;
        this.config = config;
        this.kind = kind;
        this.stamp = stamp;
        this.shards = table.files();
        this.tensors = tensors;
    }

    /**
     * Opens and checks a folder as Hugging Face ships it.
     *
     * @throws ModelException if anything is missing, damaged or of another network; the message
     *     names the file and what to do
     */
    public static Checkpoint open(Path folder) {
        return openWith(folder, TokenizerFile::read);
    }

    /**
     * The same for who wants its tokenizer, too.
     *
     * @param tokenizer is given its tokenizer.json as it was read, before the rest is checked
     */
    public static Checkpoint open(Path folder, Consumer<TokenizerText> tokenizer) {
        return openWith(
                folder,
                file -> {
                    TokenizerText text = TokenizerText.read(file);
                    tokenizer.accept(text);
                    return text.contents();
                });
    }

    private static Checkpoint openWith(Path folder, Function<Path, TokenizerFile> reader) {
        if (Files.isDirectory(folder) == false) {
            throw new ModelException("there is no folder [" + folder + "]: " + REMEDY);
        }
        FilesStamp stamp = FilesStamp.of(folder, CheckpointFiles.read(folder));
        Qwen3Config config = Qwen3Config.read(folder.resolve("config.json"));
        TokenizerFile tokenizer = reader.apply(tokenizerFile(folder));
        TensorTable table = TensorTable.open(folder);
        ModelKind kind = ModelKind.of(tokenizer, table.prefixed());
        checkVocabulary(tokenizerFile(folder), config, tokenizer, kind);
        boolean head = kind == ModelKind.RERANKER && config.tiedEmbeddings() == false;
        Map<String, StoredTensor> tensors = table.map(TensorNames.of(config, head));
        return new Checkpoint(folder, config, kind, stamp, table, tensors);
    }

    /** The folder's name, by which requests name the model. */
    public String modelId() {
        return folder.toAbsolutePath().normalize().getFileName().toString();
    }

    /** The folder it was opened from. */
    public Path folder() {
        return folder;
    }

    /** Its tokenizer.json. */
    public Path tokenizerFile() {
        return tokenizerFile(folder);
    }

    /** The network's figures. */
    public Qwen3Config config() {
        return config;
    }

    /** Embedding model or reranker. */
    public ModelKind kind() {
        return kind;
    }

    /** The files it is read from, as they were when it was opened. */
    public FilesStamp stamp() {
        return stamp;
    }

    /** Number of safetensors files. */
    public int shards() {
        return shards;
    }

    /** Bytes of the tensors that the network reads, as they are stored. */
    public long weightBytes() {
        return open().values().stream().mapToLong(StoredTensor::byteSize).sum();
    }

    /** Format of the matrices, by that of the embedding table. */
    public DataType dataType() {
        return tensor(TensorNames.EMBEDDINGS).type();
    }

    /** The embedding table, one row of hiddenSize per token. */
    public StoredTensor embeddings() {
        return tensor(TensorNames.EMBEDDINGS);
    }

    /**
     * The output head of a reranker, one row of hiddenSize per token: its own, or the embedding
     * table where the two are tied.
     */
    public StoredTensor head() {
        return tensor(has(TensorNames.HEAD) ? TensorNames.HEAD : TensorNames.EMBEDDINGS);
    }

    /**
     * A tensor by its name without the prefix {@code model.}, such as {@code
     * layers.0.self_attn.q_proj.weight}.
     *
     * @throws IllegalArgumentException if the network has no such tensor
     */
    public StoredTensor tensor(String name) {
        StoredTensor tensor = open().get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("there is no tensor [" + name + "] in " + folder);
        }
        return tensor;
    }

    /** Whether the network has a tensor of this name. */
    public boolean has(String name) {
        return open().containsKey(name);
    }

    /**
     * Lets go of the mappings; those still held by a {@link StoredTensor} or a buffer of one stay
     * until that is let go too.
     */
    @Override
    public void close() {
        tensors = null;
    }

    private Map<String, StoredTensor> open() {
        Map<String, StoredTensor> open = tensors;
        if (open == null) {
            throw new IllegalStateException("checkpoint [" + folder + "] is closed");
        }
        return open;
    }

    private static Path tokenizerFile(Path folder) {
        Path file = folder.resolve("tokenizer.json");
        if (Files.exists(file) == false) {
            throw new ModelException("[" + file + "] is missing: " + REMEDY);
        }
        return file;
    }

    /** The embedding table must have a row for every id that a prompt can hold. */
    private static void checkVocabulary(
            Path file, Qwen3Config config, TokenizerFile tokenizer, ModelKind kind) {
        checkRow(file, config, tokenizer.size() - 1);
        for (String token :
                kind == ModelKind.EMBEDDING
                        ? TokenizerFile.EMBEDDING_TOKENS
                        : TokenizerFile.RERANKER_TOKENS) {
            Integer id = tokenizer.addedTokens().get(token);
            if (id == null) {
                throw new ModelException(
                        "["
                                + file
                                + "] lacks the token ["
                                + token
                                + "]: it is not of Qwen3; copy it again from the model's repository");
            }
            checkRow(file, config, id);
        }
    }

    private static void checkRow(Path file, Qwen3Config config, int id) {
        if (id >= config.vocabSize()) {
            throw new ModelException(
                    "["
                            + file
                            + "] has the token id ["
                            + id
                            + "] but config.json has a [vocab_size] of ["
                            + config.vocabSize()
                            + "]: the two are of different models");
        }
    }
}
