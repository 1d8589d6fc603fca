package io.github.qwen3retrieval.models.serving;

import java.util.List;

/** Runs a batch by what its pieces are. */
final class Batches {

    private Batches() {}

    /** Runs pieces that join and completes those that wait for them. */
    static void run(List<Work> batch, PassThread thread) {
        if (batch.get(0) instanceof RerankBatch rerank) {
            rerank.run(thread);
        } else {
            EmbeddingText.run(batch.stream().map(EmbeddingText.class::cast).toList(), thread);
        }
    }
}
