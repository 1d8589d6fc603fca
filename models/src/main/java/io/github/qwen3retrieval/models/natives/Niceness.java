package io.github.qwen3retrieval.models.natives;

import java.lang.reflect.InvocationTargetException;
import java.util.Optional;

/**
 * The niceness of a thread: how far it steps back where others want the processor too, from 0 (not
 * at all) to 19, as nice(1) knows it.
 *
 * <p>The JVM keeps {@link Thread#setPriority} to itself on Linux unless it is started with other
 * options, and those are the administrator's. So libc is asked: nice(2), which on Linux is about
 * one thread where POSIX says the process.
 */
public final class Niceness {

    /** The nicest there is. */
    public static final int MOST = 19;

    private Niceness() {}

    /**
     * Adds to the niceness of the calling thread, up to {@value #MOST}, for good: only root may
     * take it back.
     *
     * @param steps from 0 to {@value #MOST}
     * @return why it could not be done, or nothing
     */
    public static Optional<String> addToThisThread(int steps) {
        if (System.getProperty("os.name").equals("Linux") == false) {
            return Optional.of("threads have a niceness of their own on Linux alone");
        }
        try {
            // -1 is a failure or a niceness: no call with steps forward can fail
            int unused = (int) Libc.function("nice", "JAVA_INT").invoke(steps);
            return Optional.empty();
        } catch (InvocationTargetException e) {
            return Optional.of(e.getCause().toString());
        } catch (Throwable e) {
            // of a JVM or a system that does not let us; passes are right at any priority
            return Optional.of(e.toString());
        }
    }
}
