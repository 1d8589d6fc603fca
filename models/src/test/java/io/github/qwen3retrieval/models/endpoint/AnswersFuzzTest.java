package io.github.qwen3retrieval.models.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.endpoint.EndpointOptions.Prompts;
import io.github.qwen3retrieval.models.fuzz.FuzzRun;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers that something spoiled on the way are right all the same, or refused. */
class AnswersFuzzTest {

    private static final List<String> NAMES =
            List.of(
                    "data",
                    "index",
                    "embedding",
                    "usage",
                    "prompt_tokens",
                    "results",
                    "relevance_score",
                    "logit",
                    "tokens",
                    "truncated",
                    "unknown");

    private static final String EMBEDDINGS =
            "{\"data\": [{\"index\": 1, \"embedding\": [0.25, -1.5e-3]}, {\"index\": 0,"
                    + " \"embedding\": [1, 2]}], \"usage\": {\"prompt_tokens\": 7}}";

    private static final String SCORES =
            "{\"results\": [{\"index\": 1, \"relevance_score\": 0.25, \"logit\": -1.5, \"tokens\":"
                    + " 9, \"truncated\": true}, {\"index\": 0, \"relevance_score\": 0.5}]}";

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

    private static <T> void fuzz(Form<T> form, String answer, Check<T> check) {
        FuzzRun.over(
                List.of(answer),
                NAMES,
                e -> e instanceof ModelException && e.getMessage().contains("endpoint"),
                json -> {
                    byte[] body = json.getBytes(StandardCharsets.UTF_8);
                    List<T> values = form.read(Answers.object(body, "endpoint"), 2);
                    assertEquals(2, values.size());
                    values.forEach(check::on);
                });
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
