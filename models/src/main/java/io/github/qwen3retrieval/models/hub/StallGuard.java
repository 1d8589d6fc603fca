package io.github.qwen3retrieval.models.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Closes a stream from which nothing comes, so that its reader does not wait for ever. */
final class StallGuard implements AutoCloseable {

    private final InputStream stream;
    private final Duration limit;
    private final ScheduledExecutorService clock;
    private volatile long last = System.nanoTime();
    private volatile boolean stalled;

    StallGuard(InputStream stream, Duration limit) {
        this.stream = stream;
        this.limit = limit;
        this.clock =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("qwen3-download-guard").factory());
        long period = Math.max(1, limit.toMillis() / 4);
        clock.scheduleAtFixedRate(this::look, period, period, TimeUnit.MILLISECONDS);
    }

    /** Reads as {@link InputStream#read(byte[])} does. */
    int read(byte[] buffer) throws IOException {
        int read;
        try {
            read = stream.read(buffer);
        } catch (IOException e) {
            throw stalled ? new IOException("nothing came for " + limit.toSeconds() + " s", e) : e;
        }
        last = System.nanoTime();
        return read;
    }

    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        stream.close();
    }

    private void look() {
        if (System.nanoTime() - last > limit.toNanos()) {
            stalled = true;
            try {
                stream.close();
            } catch (IOException e) {
                // the reader hears of it
            }
        }
    }
}
