package io.github.qwen3retrieval.models.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.RerankScore;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Special tokens in a document, a query or an instruction are worth what their characters are
 * worth. The golden file also says what an encoding that lets them through would give.
 */
class InjectionTest {

    @TempDir(factory = InTarget.class)
    Path folder;

    private record Injections(
            String embeddingModel,
            String rerankerModel,
            List<EmbeddedText> embeddings,
            List<Prompt> reranks) {}

    private record EmbeddedText(
            String text, String vector, int tokens, String naiveVector, int naiveTokens) {}

    private record Prompt(
            String place,
            String instruction,
            String query,
            String document,
            double probability,
            int tokens,
            double naiveProbability,
            int naiveTokens) {}

    @Test
    void promptsScoreAsTheirCharacters() throws Exception {
        Injections golden = Golden.read("injections.json", Injections.class);
        String model = golden.rerankerModel();
        ParityCase.named(model).write(folder);
        Difference difference = new Difference("injections P(yes)", Parity.PROBABILITY);
        int told = 0;
        try (CheckpointModels models = new CheckpointModels(folder)) {
            for (Prompt prompt : golden.reranks()) {
                RerankScore score = models.rerank(model, request(prompt)).get(0);
                String place = prompt.place() + " of " + prompt;
                assertEquals(prompt.tokens(), score.tokens(), "tokens with " + place);
                difference.add(prompt.probability(), score.probability(), place);
                told += prompt.naiveTokens() != score.tokens() ? 1 : 0;
            }
        }
        difference.check();
        assertTrue(golden.reranks().stream().map(Prompt::document).distinct().count() > 20);
        assertTrue(told > 40, "only [" + told + "] prompts tell this from the naive encoding");
    }

    private static Golden.RerankGroup request(Prompt prompt) {
        return new Golden.RerankGroup(
                prompt.place(),
                prompt.query(),
                prompt.instruction(),
                null,
                List.of(prompt.document()),
                null);
    }

    @Test
    void textsAreEmbeddedAsTheirCharacters() throws Exception {
        Injections golden = Golden.read("injections.json", Injections.class);
        String model = golden.embeddingModel();
        ParityCase.named(model).write(folder);
        List<EmbeddedText> texts = golden.embeddings();
        Difference difference = new Difference("injections vectors", Parity.VECTOR);
        int told = 0;
        try (CheckpointModels models = new CheckpointModels(folder)) {
            List<Embedding> embeddings =
                    models.embed(model, texts.stream().map(EmbeddedText::text).toList());
            for (int i = 0; i < texts.size(); i++) {
                EmbeddedText text = texts.get(i);
                float[] vector = embeddings.get(i).vector();
                assertEquals(text.tokens(), embeddings.get(i).tokens(), text.text());
                difference.add(numbers(text.vector()), vector, text.text());
                told += farther(numbers(text.naiveVector()), vector) ? 1 : 0;
            }
        }
        difference.check();
        assertTrue(told > 14, "only [" + told + "] texts tell this from the naive encoding");
    }

    private static float[] numbers(String vector) {
        return new Golden.Vector(vector, 0, false).numbers();
    }

    /** Whether the naive vector is another one, by far more than rounding. */
    private static boolean farther(float[] naive, float[] vector) {
        return IntStream.range(0, naive.length)
                .anyMatch(i -> Math.abs(naive[i] - vector[i]) > 100 * Parity.VECTOR);
    }
}
