package io.github.qwen3retrieval.rescore;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.Reranker;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A reranker that prefers texts with many of the query's words, and shorter ones among them. It
 * works one document after the other on a thread of its own, as slowly as a test wants, keeps to
 * the timeout of the request as a model does, and notices when its work is cancelled.
 */
final class WordOverlapReranker implements Reranker {

    final ConcurrentLinkedQueue<RerankRequest> requests = new ConcurrentLinkedQueue<>();
    final AtomicInteger abandoned = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    volatile boolean failsFirst;
    volatile long millisPerDocument;
    volatile boolean ignoresTimeout;
    volatile RuntimeException failure;
    volatile RuntimeException refusal;

    @Override
    public CompletableFuture<RerankResponse> rerank(RerankRequest request) {
        requests.add(request);
        if (failsFirst && failed.getAndIncrement() == 0) {
            return CompletableFuture.failedFuture(new ModelException("the first one fails"));
        }
        if (refusal != null) {
            throw refusal;
        }
        CompletableFuture<RerankResponse> future = new CompletableFuture<>();
        Thread worker = new Thread(() -> work(request, future), "word-overlap");
        worker.setDaemon(true);
        worker.start();
        return future;
    }

    private void work(RerankRequest request, CompletableFuture<RerankResponse> future) {
        RerankScore[] scores = new RerankScore[request.documents().size()];
        boolean limited = request.timeout() != null && ignoresTimeout == false;
        long end = System.nanoTime() + (limited ? request.timeout().toNanos() : Long.MAX_VALUE / 2);
        for (int i = 0; i < scores.length && System.nanoTime() < end; i++) {
            pause(future, end);
            if (future.isDone()) {
                abandoned.incrementAndGet();
                return;
            }
            if (System.nanoTime() < end) {
                scores[i] = score(request.query(), request.documents().get(i));
            }
        }
        if (failure != null) {
            future.completeExceptionally(failure);
        } else {
            future.complete(
                    new RerankResponse(
                            request.modelId() == null ? "word-overlap" : request.modelId(),
                            request.instruction() == null
                                    ? RerankRequest.DEFAULT_INSTRUCTION
                                    : request.instruction(),
                            Arrays.asList(scores)));
        }
    }

    private void pause(CompletableFuture<RerankResponse> future, long end) {
        long until = Math.min(end, System.nanoTime() + millisPerDocument * 1_000_000);
        while (System.nanoTime() < until && future.isDone() == false) {
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** The score of one text, which depends on nothing else. */
    static RerankScore score(String query, String text) {
        Set<String> words = new HashSet<>(List.of(text.toLowerCase(Locale.ROOT).split("\\W+")));
        List<String> wanted = List.of(query.toLowerCase(Locale.ROOT).split("\\W+"));
        long found = wanted.stream().filter(words::contains).count();
        float yes = 4f * found / wanted.size() - text.length() / 1000f;
        return new RerankScore(yes, 2f, text.length(), false);
    }

    /** What a hit with this text is to be scored. */
    static float probability(String query, String text) {
        return score(query, text).probability();
    }
}
