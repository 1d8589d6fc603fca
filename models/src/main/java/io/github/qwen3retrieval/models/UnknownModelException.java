package io.github.qwen3retrieval.models;

/** A request for a model that is not there. The message names it and those there are. */
public class UnknownModelException extends IllegalArgumentException {

    /** With a message for the author of the request. */
    public UnknownModelException(String message) {
        super(message);
    }
}
