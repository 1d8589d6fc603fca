package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.network.Interruption;
import java.util.concurrent.locks.Lock;

/** The thread that runs a pass, as the pass sees it. */
interface PassThread extends Interruption {

    /** Takes a lock that another pass may hold for long. Meanwhile that one may use this thread. */
    default void lock(Lock lock) {
        lock.lock();
    }
}
