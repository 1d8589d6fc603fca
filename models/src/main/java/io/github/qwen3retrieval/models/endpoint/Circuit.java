package io.github.qwen3retrieval.models.endpoint;

import io.github.qwen3retrieval.models.ModelUnavailableException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps requests from waiting for a service that is down. After some failures in a row it opens:
 * nothing is sent for a while, and requests fail at once. Then one call goes through to see; its
 * success closes the circuit, its failure keeps it open for as long again.
 */
final class Circuit {

    private static final Logger logger = LoggerFactory.getLogger(Circuit.class);

    /** Failures in a row that open it. */
    static final int FAILURES = 5;

    /** How long it stays open. */
    static final Duration PAUSE = Duration.ofSeconds(5);

    private final String endpoint;
    private int failures;
    private boolean open;
    private boolean probing;
    private long untilNanos;
    private String lastFailure;

    Circuit(String endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * Lets a call through, which must then report how it went.
     *
     * @throws ModelUnavailableException if it is not let through
     */
    synchronized void enter() {
        if (open == false) {
            return;
        }
        long waitNanos = untilNanos - System.nanoTime();
        if (probing || waitNanos > 0) {
            long seconds = Math.max(1, Duration.ofNanos(waitNanos).toSeconds() + 1);
            throw new ModelUnavailableException(
                    endpoint
                            + " failed ["
                            + failures
                            + "] times in a row, at last since it "
                            + lastFailure
                            + "; it is tried again in ["
                            + seconds
                            + "s]");
        }
        probing = true;
    }

    /** The service answered. */
    synchronized void answered() {
        if (open) {
            logger.info("{} answers again", endpoint);
        }
        open = false;
        probing = false;
        failures = 0;
    }

    /** The call was given up before its end, which says nothing of the service. */
    synchronized void left() {
        probing = false;
    }

    /** The service could not be reached, or was not able to answer. */
    synchronized void failed(String failure) {
        lastFailure = failure;
        failures++;
        if (failures >= FAILURES) {
            if (open == false) {
                logger.warn("{} is not asked for [{}]: it {}", endpoint, PAUSE, failure);
            }
            open = true;
            probing = false;
            untilNanos = System.nanoTime() + PAUSE.toNanos();
        }
    }

    /** What made it open, or null where it is closed. */
    synchronized String openSince() {
        return open ? lastFailure : null;
    }
}
