package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.natives.Niceness;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a thread that computes passes stands behind the others of the process.
 *
 * @param nice steps, 0 for among them
 */
record Standing(int nice) {

    private static final Logger logger = LoggerFactory.getLogger(Standing.class);

    /** Has the calling thread step back; once in its life. */
    void take() {
        if (nice > 0) {
            Niceness.addToThisThread(nice)
                    .ifPresent(
                            why ->
                                    logger.warn(
                                            "passes run at the priority of all threads, not [{}]"
                                                    + " steps behind: {}",
                                            nice,
                                            why));
        }
    }
}
