package io.github.qwen3retrieval.models.evaluate;

/** A node answered a request with an error. */
final class NodeRefusedException extends SearchFailedException {

    private final int status;

    NodeRefusedException(int status, String reason) {
        super("status [" + status + "]: " + reason);
        this.status = status;
    }

    /** HTTP status. */
    int status() {
        return status;
    }
}
