package io.github.qwen3retrieval.models.hub;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** An answer other than the file. */
final class HttpStatusException extends IOException {

    private final int status;
    private final transient Duration retryAfter;

    HttpStatusException(URI uri, int status, Duration retryAfter) {
        super("[" + uri.getHost() + "] answered [" + status + "] for [" + uri.getPath() + "]");
        this.status = status;
        this.retryAfter = retryAfter;
    }

    boolean isMissing() {
        return status == 404 || status == 410;
    }

    boolean isForbidden() {
        return status == 401 || status == 403;
    }

    /** Too many requests, or trouble of the server's own. */
    boolean mayPass() {
        return status == 408 || status == 429 || status >= 500;
    }

    /** What the server asks to wait, or null. */
    Duration retryAfter() {
        return retryAfter;
    }
}
