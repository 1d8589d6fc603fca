package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.checkpoint.CheckpointDigest;
import io.github.qwen3retrieval.models.checkpoint.FilesStamp;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sha256 of checkpoints, see {@link CheckpointDigest}: computed in the background, one at a
 * time, and once for each state of the files.
 */
final class Digests implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(Digests.class);

    /** States of folders that are remembered. */
    private static final int MAX_KNOWN = 256;

    private final ExecutorService thread;
    private final Map<State, CompletableFuture<String>> known =
            new LinkedHashMap<>(16, 0.75f, true);
    private volatile boolean closed;

    private record State(Path folder, FilesStamp stamp) {}

    Digests(ThreadFactory threads) {
        thread = Executors.newSingleThreadExecutor(threads);
    }

    /**
     * The sha256 of a folder when its files were like this. The future is shared: it is not to be
     * cancelled. It fails with a {@link ModelException} if the files are not like this any more.
     */
    synchronized CompletableFuture<String> get(Path folder, FilesStamp stamp) {
        State state = new State(folder, stamp);
        CompletableFuture<String> digest = known.get(state);
        if (digest != null && digest.isCompletedExceptionally() == false) {
            return digest;
        }
        if (closed) {
            return CompletableFuture.failedFuture(closedException());
        }
        CompletableFuture<String> wanted = new CompletableFuture<>();
        known.put(state, wanted);
        thread.execute(() -> compute(state, wanted));
        known.values().stream()
                .limit(Math.max(0, known.size() - MAX_KNOWN))
                .filter(CompletableFuture::isDone)
                .toList()
                .forEach(known.values()::remove);
        return wanted;
    }

    private void compute(State state, CompletableFuture<String> wanted) {
        long started = System.nanoTime();
        try {
            check(state);
            String digest = CheckpointDigest.of(state.folder, () -> closed == false);
            check(state);
            wanted.complete(digest);
            logger.debug(
                    "sha256 of [{}] computed in [{}] ms",
                    state.folder.getFileName(),
                    (System.nanoTime() - started) / 1_000_000);
        } catch (RuntimeException | Error e) {
            wanted.completeExceptionally(e);
        }
    }

    private static void check(State state) {
        if (state.stamp.again(state.folder).equals(state.stamp) == false) {
            throw new ModelException(
                    "the files of model ["
                            + state.folder.getFileName()
                            + "] have changed before its sha256 was computed; reload it");
        }
    }

    /** Ends what is being computed, and fails what waits. */
    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
        synchronized (this) {
            known.values().forEach(digest -> digest.completeExceptionally(closedException()));
        }
    }

    private static RejectedExecutionException closedException() {
        return new RejectedExecutionException("the models of this node are closed");
    }
}
