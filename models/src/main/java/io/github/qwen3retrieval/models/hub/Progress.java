package io.github.qwen3retrieval.models.hub;

/** Told how a download goes on. */
public interface Progress {

    /**
     * A file begins, or goes on after an interruption.
     *
     * @param total its bytes, or -1 where the hub does not say
     */
    void file(String name, long done, long total);

    /** Bytes of the file that are there by now. */
    void bytes(long done);

    /** Something worth a line of its own. */
    void note(String line);
}
