package io.github.qwen3retrieval.models.tokenizer;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import io.github.qwen3retrieval.models.ModelException;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a tokenizer.json says beside its vocabulary.
 *
 * @param addedTokens tokens outside the vocabulary, such as {@code <|im_end|>}, and their ids
 * @param words ids of the vocabulary's entries {@code yes} and {@code no}, as far as it has them
 * @param size one more than the vocabulary's highest id, added tokens left out: Qwen3-Embedding-8B
 *     has fewer rows than its tokenizer.json has added tokens, some of which no text can become
 * @param appendsEndOfText whether its post-processor ends every text with {@code <|endoftext|>}
 */
public record TokenizerFile(
        Map<String, Integer> addedTokens,
        Map<String, Integer> words,
        int size,
        boolean appendsEndOfText) {

    /** The token that ends a text. */
    public static final String END_OF_TEXT = "<|endoftext|>";

    /** Added tokens that an embedding model must know. */
    public static final List<String> EMBEDDING_TOKENS = List.of(END_OF_TEXT);

    /** Added tokens that a reranker must know: those of its prompt. */
    public static final List<String> RERANKER_TOKENS =
            List.of(END_OF_TEXT, "<|im_start|>", "<|im_end|>", "<think>", "</think>");

    /** The official one has 11 MB. */
    private static final long MAX_BYTES = 256L << 20;

    /**
     * Reads a tokenizer.json.
     *
     * @throws ModelException if it is missing, damaged or without a vocabulary
     */
    public static TokenizerFile read(Path file) {
        return scan(file, Writer.nullWriter());
    }

    /** The same, and writes what a {@link TokenizerText} keeps of it to a copy. */
    static TokenizerFile scan(Path file, Writer copy) {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new ModelException(
                        "[" + file + "] has [" + size + "] bytes, which no tokenizer.json has");
            }
            try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                JsonReader reader = new JsonReader(text);
                reader.setStrictness(Strictness.STRICT);
                return new TokenizerScan(reader, new JsonWriter(copy)).run();
            }
        } catch (IOException
                | JsonParseException
                | ClassCastException
                | IllegalStateException
                | NumberFormatException
                | UnsupportedOperationException e) {
            throw new ModelException(
                    "["
                            + file
                            + "] is no tokenizer.json of Qwen3: "
                            + JsonFault.of(e)
                            + "; copy it again from the model's repository",
                    e);
        }
    }
}
