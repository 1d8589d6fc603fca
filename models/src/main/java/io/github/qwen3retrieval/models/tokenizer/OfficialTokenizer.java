package io.github.qwen3retrieval.models.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * The official tokenizer.json of Qwen3-Reranker, and that of Qwen3-Embedding, which differs from it
 * in the post-processor alone. Both are written byte for byte as published; random checkpoints are
 * made with them.
 */
public final class OfficialTokenizer {

    private static final String RERANKER = "qwen3-tokenizer.json.gz";
    private static final String EMBEDDING_POST_PROCESSOR = "embedding-post-processor.json";
    private static final String KEY = "  \"post_processor\": ";
    private static final String NEXT_KEY = ",\n  \"decoder\": ";

    private OfficialTokenizer() {}

    /** Writes the tokenizer.json of Qwen3-Embedding. */
    public static void writeEmbedding(Path file) throws IOException {
        String reranker = new String(reranker(), StandardCharsets.UTF_8);
        int start = reranker.indexOf(KEY) + KEY.length();
        int end = reranker.indexOf(NEXT_KEY, start);
        String processor =
                new String(resource(EMBEDDING_POST_PROCESSOR), StandardCharsets.UTF_8).strip();
        Files.writeString(file, reranker.substring(0, start) + processor + reranker.substring(end));
    }

    /** Writes the tokenizer.json of Qwen3-Reranker. */
    public static void writeReranker(Path file) throws IOException {
        Files.write(file, reranker());
    }

    private static byte[] reranker() throws IOException {
        try (InputStream packed = open(RERANKER);
                InputStream unpacked = new GZIPInputStream(packed)) {
            return unpacked.readAllBytes();
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = open(name)) {
            return stream.readAllBytes();
        }
    }

    private static InputStream open(String name) throws IOException {
        InputStream stream = OfficialTokenizer.class.getResourceAsStream(name);
        if (stream == null) {
            throw new IOException("resource [" + name + "] is missing from the models jar");
        }
        return stream;
    }
}
