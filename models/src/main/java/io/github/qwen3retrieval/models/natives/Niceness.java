package io.github.qwen3retrieval.models.natives;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
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
            int unused = (int) nice().invoke(steps);
            return Optional.empty();
        } catch (InvocationTargetException e) {
            return Optional.of(e.getCause().toString());
        } catch (Throwable e) {
            // of a JVM or a system that does not let us; passes are right at any priority
            return Optional.of(e.toString());
        }
    }

    /**
     * {@code int nice(int)}.
     *
     * <p>Found by reflection: {@code java.lang.foreign} is final since Java 22, and the build asks
     * for no more than 21. A node brings a later one.
     */
    private static MethodHandle nice() throws ReflectiveOperationException {
        Class<?> linkers = foreign("Linker");
        Class<?> layouts = foreign("MemoryLayout");
        Class<?> descriptors = foreign("FunctionDescriptor");
        Class<?> options = foreign("Linker$Option");
        Object linker = linkers.getMethod("nativeLinker").invoke(null);
        Object lookup = linkers.getMethod("defaultLookup").invoke(linker);
        Optional<?> address =
                (Optional<?>)
                        foreign("SymbolLookup")
                                .getMethod("find", String.class)
                                .invoke(lookup, "nice");
        Object integer = foreign("ValueLayout").getField("JAVA_INT").get(null);
        Object arguments = Array.newInstance(layouts, 1);
        Array.set(arguments, 0, integer);
        Object descriptor =
                descriptors
                        .getMethod("of", layouts, arguments.getClass())
                        .invoke(null, integer, arguments);
        Method handle =
                linkers.getMethod(
                        "downcallHandle",
                        foreign("MemorySegment"),
                        descriptors,
                        options.arrayType());
        return (MethodHandle)
                handle.invoke(
                        linker, address.orElseThrow(), descriptor, Array.newInstance(options, 0));
    }

    private static Class<?> foreign(String name) throws ClassNotFoundException {
        return Class.forName("java.lang.foreign." + name);
    }
}
