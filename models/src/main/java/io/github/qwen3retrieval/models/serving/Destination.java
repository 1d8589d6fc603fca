package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.Embedding;

/** Where the vector of a text goes. */
interface Destination {

    /** Brings the vector, which is not to be changed any more. */
    void complete(Embedding embedding);

    /** Tells that there will be none. */
    void fail(Throwable e);

    /** Whether nobody waits there any more. */
    boolean abandoned();
}
