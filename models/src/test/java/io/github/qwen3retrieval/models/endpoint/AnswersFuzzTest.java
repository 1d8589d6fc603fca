package io.github.qwen3retrieval.models.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.endpoint.EndpointOptions.Prompts;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Answers that something spoiled on the way are right all the same, or refused. */
class AnswersFuzzTest {

    private static final int ROUNDS = 100_000;
    private static final String PIECES = "{}[]\",:0123456789-.eE\\ntrufalsx\u0000\u00e9 ";

    private static final String EMBEDDINGS =
            "{\"data\": [{\"index\": 1, \"embedding\": [0.25, -1.5e-3]}, {\"index\": 0,"
                    + " \"embedding\": [1, 2]}], \"usage\": {\"prompt_tokens\": 7}}";

    private static final String SCORES =
            "{\"results\": [{\"index\": 1, \"relevance_score\": 0.25, \"logit\": -1.5, \"tokens\":"
                    + " 9, \"truncated\": true}, {\"index\": 0, \"relevance_score\": 0.5}]}";

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void vectorsAreFiniteAndOfTheirLength() {
        Form<Embedding> form = new EmbeddingForm(options(ModelKind.EMBEDDING), null, null, null);
        fuzz(
                form,
                EMBEDDINGS,
                embedding -> {
                    assertEquals(2, embedding.vector().length);
                    assertTrue(Float.isFinite(embedding.vector()[0] + embedding.vector()[1]));
                    assertTrue(embedding.tokens() >= 0);
                });
    }

    @Test
    void scoresAreProbabilities() {
        Form<RerankScore> form =
                new RerankForm(
                        options(ModelKind.RERANKER),
                        new RerankRequest("r", "q", List.of("a", "b"), null, null, null));
        fuzz(
                form,
                SCORES,
                score -> {
                    assertTrue(Float.isFinite(score.logit()));
                    assertTrue(score.probability() >= 0 && score.probability() <= 1);
                    assertTrue(score.tokens() >= 0);
                });
    }

    private interface Check<T> {
        void on(T value);
    }

    private <T> void fuzz(Form<T> form, String answer, Check<T> check) {
        int read = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] body = mutated(answer).getBytes(StandardCharsets.UTF_8);
            try {
                List<T> values = form.read(Answers.object(body, "endpoint"), 2);
                assertEquals(2, values.size());
                values.forEach(check::on);
                read++;
            } catch (ModelException e) {
                assertTrue(e.getMessage().contains("endpoint"), e.getMessage());
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed [" + seed + "]: " + new String(body, StandardCharsets.UTF_8), e);
            }
        }
        assertTrue(read > 0 && read < ROUNDS, "seed [" + seed + "]: " + read);
    }

    private String mutated(String answer) {
        StringBuilder text = new StringBuilder(answer);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(text.length());
            char piece = PIECES.charAt(random.nextInt(PIECES.length()));
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, piece);
                case 1 -> text.insert(at, piece);
                case 2 -> text.deleteCharAt(at);
                default -> text.insert(at, text.substring(at, random.nextInt(at, text.length())));
            }
        }
        return text.toString();
    }

    private static EndpointOptions options(ModelKind kind) {
        return new EndpointOptions(
                "endpoint",
                kind,
                URI.create("http://host/v1"),
                "m",
                kind == ModelKind.EMBEDDING ? 2 : 0,
                10,
                1,
                Duration.ofSeconds(1),
                0,
                Prompts.SERVICE,
                null);
    }
}
