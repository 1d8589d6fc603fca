package io.github.qwen3retrieval.models.serving;

/** Who waits for a piece of work; earlier constants go first. */
enum Priority {
    /** A person who searches. */
    SEARCH,
    /** A bulk that is being indexed. */
    INGEST
}
