package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.Embedding;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/** One embedding request under way: collects the vectors of its texts, which come in any order. */
final class EmbeddingJob {

    private final AtomicReferenceArray<Embedding> embeddings;
    private final AtomicInteger missing;
    private final CompletableFuture<List<Embedding>> result = new CompletableFuture<>();

    EmbeddingJob(int texts) {
        embeddings = new AtomicReferenceArray<>(texts);
        missing = new AtomicInteger(texts);
    }

    /** Places of the job that have the same text. */
    record Place(EmbeddingJob job, List<Integer> indexes) implements Destination {

        @Override
        public void complete(Embedding embedding) {
            for (int index : indexes) {
                job.complete(
                        index,
                        new Embedding(
                                embedding.vector().clone(),
                                embedding.tokens(),
                                embedding.truncated()));
            }
        }

        @Override
        public void fail(Throwable e) {
            job.fail(e);
        }

        @Override
        public boolean abandoned() {
            return job.done();
        }
    }

    /** What the caller waits for and may cancel. */
    CompletableFuture<List<Embedding>> result() {
        return result;
    }

    boolean done() {
        return result.isDone();
    }

    /** Takes the vector of the text at the given place; the last one completes the job. */
    void complete(int index, Embedding embedding) {
        embeddings.set(index, embedding);
        if (missing.decrementAndGet() == 0) {
            result.complete(
                    IntStream.range(0, embeddings.length()).mapToObj(embeddings::get).toList());
        }
    }

    void fail(Throwable e) {
        result.completeExceptionally(e);
    }
}
