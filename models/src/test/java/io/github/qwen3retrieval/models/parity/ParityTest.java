package io.github.qwen3retrieval.models.parity;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Vectors and scores of every case are those of transformers in float32: truncated texts,
 * instructions, dimensions and 8,192 tokens included.
 */
class ParityTest {

    @TempDir(factory = InTarget.class)
    Path folder;

    static Stream<String> embeddings() {
        return names("embedding");
    }

    static Stream<String> rerankers() {
        return names("reranker");
    }

    private static Stream<String> names(String kind) {
        return ParityCase.all().stream().filter(c -> c.kind().equals(kind)).map(ParityCase::name);
    }

    @ParameterizedTest
    @MethodSource("embeddings")
    void vectorsAreThoseOfTransformers(String name) throws Exception {
        Parity.embedding(name, folder);
    }

    @ParameterizedTest
    @MethodSource("rerankers")
    void scoresAreThoseOfTransformers(String name) throws Exception {
        Parity.reranker(name, folder);
    }
}
