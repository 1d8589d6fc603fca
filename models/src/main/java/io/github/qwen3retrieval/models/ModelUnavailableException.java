package io.github.qwen3retrieval.models;

/**
 * A model that cannot be reached now, and may be later: trying again is the remedy, which it is not
 * for a {@link ModelException}. The message says where it is and what was seen of it last.
 */
public class ModelUnavailableException extends RuntimeException {

    /** With a message for the person who runs the node. */
    public ModelUnavailableException(String message) {
        super(message);
    }

    /** With the failure underneath. */
    public ModelUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
