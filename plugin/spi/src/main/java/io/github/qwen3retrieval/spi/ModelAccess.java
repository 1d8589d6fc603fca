package io.github.qwen3retrieval.spi;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The models of the cluster, wherever they are. Calls return at once. Each answer comes in the
 * thread context in which the call was made, on a thread that may be kept; cancelling it abandons
 * what has not been computed. A failure has the HTTP status that a user is to see: 400 for a wrong
 * request, 429 where too much waits, 424 where the model is broken, 503 where it is away.
 */
public interface ModelAccess {

    /**
     * Embeds texts.
     *
     * @return one float[dimensions] per text, in the order of the texts: finite, of length 1 (L2)
     */
    CompletableFuture<List<float[]>> embed(TextsToEmbed request);

    /**
     * Scores texts against a query.
     *
     * @return P(yes) in [0, 1] for each text, in the order of the texts
     */
    CompletableFuture<float[]> score(TextsToScore request);
}
