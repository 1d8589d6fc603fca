package io.github.qwen3retrieval.models;

/**
 * A model that cannot do its work: a checkpoint that is incomplete or damaged, a network that gave
 * no finite numbers. The message names the model, what is wrong and what to do.
 */
public class ModelException extends RuntimeException {

    /** With a message for the person who runs the node. */
    public ModelException(String message) {
        super(message);
    }

    /** With the failure underneath. */
    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
