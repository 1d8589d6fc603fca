package io.github.qwen3retrieval.models.hub;

import java.time.Duration;

/**
 * How long a download waits.
 *
 * @param attempts how often in a row a request may fail without a byte gained
 * @param firstPause pause after the first failure; it doubles with each further one
 * @param longestPause where the doubling ends, and the most that a server's Retry-After is heeded
 * @param stall how long a connection may be silent
 */
public record Patience(int attempts, Duration firstPause, Duration longestPause, Duration stall) {

    /** For the command line: gives up after about a minute and a half without progress. */
    public static final Patience DEFAULT =
            new Patience(7, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(60));

    /** Pause after this many failures in a row. */
    Duration pause(int failures) {
        Duration pause = firstPause.multipliedBy(1L << Math.min(failures - 1, 16));
        return pause.compareTo(longestPause) < 0 ? pause : longestPause;
    }
}
