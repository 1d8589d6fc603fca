package io.github.qwen3retrieval.models.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.RerankScore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Compares one case with its golden file. */
final class Parity {

    /** Most that a number of a vector may differ by. */
    static final double VECTOR = 2e-5;

    /** Most that P(yes) may differ by. */
    static final double PROBABILITY = 1e-4;

    private Parity() {}

    static void embedding(String name, Path folder) throws IOException {
        Golden.Embeddings golden = Golden.read(name + ".json", Golden.Embeddings.class);
        Fingerprint.check(golden.weights(), ParityCase.named(name).write(folder));
        Difference difference = new Difference(name + " vectors", VECTOR);
        try (CheckpointModels models = new CheckpointModels(folder)) {
            for (Golden.EmbeddingGroup group : golden.groups()) {
                compare(group, models.embed(name, group), difference);
            }
        }
        difference.check();
    }

    private static void compare(
            Golden.EmbeddingGroup group, List<Embedding> embeddings, Difference difference) {
        assertEquals(group.texts().size(), embeddings.size());
        for (int i = 0; i < embeddings.size(); i++) {
            String place = "[" + group.name() + "] text " + i;
            Golden.Vector expected = group.expected().get(i);
            assertEquals(expected.tokens(), embeddings.get(i).tokens(), "tokens of " + place);
            assertEquals(
                    expected.truncated(), embeddings.get(i).truncated(), "truncated: " + place);
            difference.add(expected.numbers(), embeddings.get(i).vector(), place);
        }
    }

    static void reranker(String name, Path folder) throws IOException {
        Golden.Reranks golden = Golden.read(name + ".json", Golden.Reranks.class);
        Fingerprint.check(golden.weights(), ParityCase.named(name).write(folder));
        Difference difference = new Difference(name + " P(yes)", PROBABILITY);
        try (CheckpointModels models = new CheckpointModels(folder)) {
            for (Golden.RerankGroup group : golden.groups()) {
                compare(group, models.rerank(name, group), difference);
            }
        }
        difference.check();
    }

    private static void compare(
            Golden.RerankGroup group, List<RerankScore> scores, Difference difference) {
        assertEquals(group.documents().size(), scores.size());
        for (int i = 0; i < scores.size(); i++) {
            String place = "[" + group.name() + "] document " + i;
            Golden.Score expected = group.expected().get(i);
            assertEquals(expected.tokens(), scores.get(i).tokens(), "tokens of " + place);
            assertEquals(expected.truncated(), scores.get(i).truncated(), "truncated: " + place);
            difference.add(expected.probability(), scores.get(i).probability(), place);
        }
    }
}
