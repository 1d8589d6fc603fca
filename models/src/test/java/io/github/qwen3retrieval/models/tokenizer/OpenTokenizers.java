package io.github.qwen3retrieval.models.tokenizer;

import io.github.qwen3retrieval.models.natives.Natives;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The official tokenizer, opened for a test. */
public final class OpenTokenizers {

    private OpenTokenizers() {}

    /** Opens the rerankers' one; the caller closes it. */
    public static Qwen3Tokenizer reranker() {
        Natives.fromSystemProperty().prepare();
        try {
            Path file = Files.createTempFile("tokenizer", ".json");
            try {
                OfficialTokenizer.writeReranker(file);
                return Qwen3Tokenizer.open(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
