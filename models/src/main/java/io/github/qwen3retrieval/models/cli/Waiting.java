package io.github.qwen3retrieval.models.cli;

import io.github.qwen3retrieval.models.ModelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for a result on the command line, where nothing else is to be done meanwhile. */
final class Waiting {

    private Waiting() {}

    /** The result, or the failure as it was thrown. */
    static <T> T on(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new ModelException("the model failed: " + e.getCause(), e.getCause());
        }
    }
}
