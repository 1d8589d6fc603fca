package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.network.Interruption;
import java.util.List;

/** Runs a batch by what its pieces are. */
final class Batches {

    private Batches() {}

    /** Runs pieces that join and completes those that wait for them. */
    static void run(List<Work> batch, Interruption interruption) {
        if (batch.get(0) instanceof RerankBatch rerank) {
            rerank.run(interruption);
        } else {
            EmbeddingText.run(batch.stream().map(EmbeddingText.class::cast).toList(), interruption);
        }
    }
}
