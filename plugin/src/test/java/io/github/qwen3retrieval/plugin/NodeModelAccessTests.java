package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.spi.ModelAccess;
import io.github.qwen3retrieval.spi.TextsToEmbed;
import io.github.qwen3retrieval.spi.TextsToScore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.elasticsearch.test.ESTestCase;

/** What other plugins ask for reaches the node's models, and what they abandon is abandoned. */
public class NodeModelAccessTests extends ESTestCase {

    private final AtomicReference<EmbeddingRequest> embedded = new AtomicReference<>();
    private final AtomicReference<RerankRequest> reranked = new AtomicReference<>();
    private final CompletableFuture<List<Embedding>> vectors = new CompletableFuture<>();
    private final CompletableFuture<RerankResponse> scores = new CompletableFuture<>();
    private final ModelAccess models =
            new NodeModelAccess(
                    () ->
                            request -> {
                                embedded.set(request);
                                return vectors;
                            },
                    () ->
                            request -> {
                                reranked.set(request);
                                return scores;
                            });

    public void testEmbeds() {
        List<String> texts = List.of("a", "b");
        CompletableFuture<List<float[]>> answer =
                models.embed(new TextsToEmbed("m", true, texts, "find", 64, 100));
        assertEquals(
                new EmbeddingRequest("m", InputType.QUERY, texts, "find", 64, 100), embedded.get());
        float[] first = {1, 0};
        float[] second = {0, 1};
        vectors.complete(List.of(new Embedding(first, 3, false), new Embedding(second, 4, true)));
        assertEquals(List.of(first, second), answer.join());
        models.embed(new TextsToEmbed(null, false, texts, null, null, null));
        assertEquals(
                new EmbeddingRequest(null, InputType.DOCUMENT, texts, null, null, null),
                embedded.get());
    }

    public void testScores() {
        List<String> texts = List.of("a", "b");
        CompletableFuture<float[]> answer =
                models.score(new TextsToScore("m", "q", texts, "judge", 100));
        assertEquals(new RerankRequest("m", "q", texts, "judge", 100, null), reranked.get());
        RerankScore low = new RerankScore(-1, 1, 5, false);
        RerankScore high = new RerankScore(2, 0, 5, false);
        scores.complete(new RerankResponse("m", "judge", List.of(low, high)));
        assertArrayEquals(new float[] {low.probability(), high.probability()}, answer.join(), 0);
    }

    public void testCancellingAbandonsTheWork() {
        models.embed(new TextsToEmbed("m", false, List.of("a"), null, null, null)).cancel(true);
        assertTrue(vectors.isCancelled());
        models.score(new TextsToScore("m", "q", List.of("a"), null, null)).cancel(true);
        assertTrue(scores.isCancelled());
    }
}
