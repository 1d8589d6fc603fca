package io.github.qwen3retrieval.models.hub;

import java.io.IOException;

/** A download that cannot go on; trying again would not help. The message says what to do. */
public class HubException extends IOException {

    /** With a message for the person at the command line. */
    public HubException(String message) {
        super(message);
    }

    /** With the failure underneath. */
    public HubException(String message, Throwable cause) {
        super(message, cause);
    }
}
