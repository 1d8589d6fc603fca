package io.github.qwen3retrieval.models.evaluate;

import java.io.IOException;

/** One search failed; what others do is not known. */
public class SearchFailedException extends IOException {

    /**
     * With what is to be told of it.
     *
     * @param message one line
     */
    public SearchFailedException(String message) {
        super(message);
    }
}
