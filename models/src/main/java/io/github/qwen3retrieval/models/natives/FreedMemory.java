package io.github.qwen3retrieval.models.natives;

import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Gives back to the system what native code has freed.
 *
 * <p>The GNU C library keeps freed memory for the next allocation, in a pool for each of several
 * groups of threads, and keeps the more the longer passes of mixed sizes run: resident memory then
 * grows although nothing leaks. {@code malloc_trim(3)} returns it. C libraries without that
 * function keep their own counsel.
 */
public final class FreedMemory {

    private final long interval;
    private final LongSupplier clock;
    private final AtomicLong last;

    /**
     * @param interval what lies at least between two times of {@link #giveBackNowAndThen}: the
     *     pages that are given back have to be fetched again by the next pass
     */
    public FreedMemory(Duration interval) {
        this(interval, System::nanoTime);
    }

    FreedMemory(Duration interval, LongSupplier clock) {
        this.interval = interval.toNanos();
        this.clock = clock;
        this.last = new AtomicLong(clock.getAsLong());
    }

    /**
     * {@link #giveBack}, unless that was done within the interval.
     *
     * @return whether it was done
     */
    public boolean giveBackNowAndThen() {
        long now = clock.getAsLong();
        long before = last.get();
        // one of several threads that come at once
        if (now - before < interval || last.compareAndSet(before, now) == false) {
            return false;
        }
        giveBack();
        return true;
    }

    /**
     * Gives all freed memory back, in some milliseconds.
     *
     * @return whether the C library could be asked
     */
    public static boolean giveBack() {
        if (Trim.FUNCTION == null) {
            return false;
        }
        try {
            int unused = (int) Trim.FUNCTION.invoke(0L);
            return true;
        } catch (Throwable e) {
            return false;
        }
    }

    /** {@code malloc_trim(3)}, looked up when it is first asked for. */
    private static final class Trim {

        /** Null where there is another C library, or a JVM that lets nobody call. */
        static final MethodHandle FUNCTION = find();

        private static MethodHandle find() {
            if (System.getProperty("os.name").equals("Linux") == false) {
                return null;
            }
            try {
                return Libc.function("malloc_trim", "JAVA_LONG");
            } catch (ReflectiveOperationException | RuntimeException e) {
                // memory is right then, if not small
                return null;
            }
        }
    }
}
