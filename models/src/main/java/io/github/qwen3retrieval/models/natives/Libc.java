package io.github.qwen3retrieval.models.natives;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.Optional;

/**
 * Functions of the C library that take one number and give an {@code int}.
 *
 * <p>Found by reflection: {@code java.lang.foreign} is final since Java 22, and the build asks for
 * no more than 21. A node brings a later one.
 */
final class Libc {

    private Libc() {}

    /**
     * A function's handle, to be called with {@code invoke}.
     *
     * @param name as in its header
     * @param argument a constant of {@code ValueLayout}: {@code JAVA_INT} for an {@code int},
     *     {@code JAVA_LONG} for a {@code size_t}
     * @throws ReflectiveOperationException if this JVM is older, or lets nobody call
     * @throws java.util.NoSuchElementException if this C library has no such function
     */
    static MethodHandle function(String name, String argument) throws ReflectiveOperationException {
        Class<?> linkers = foreign("Linker");
        Class<?> layouts = foreign("MemoryLayout");
        Class<?> descriptors = foreign("FunctionDescriptor");
        Class<?> options = foreign("Linker$Option");
        Class<?> values = foreign("ValueLayout");
        Object linker = linkers.getMethod("nativeLinker").invoke(null);
        Object lookup = linkers.getMethod("defaultLookup").invoke(linker);
        Optional<?> address =
                (Optional<?>)
                        foreign("SymbolLookup")
                                .getMethod("find", String.class)
                                .invoke(lookup, name);
        Object arguments = Array.newInstance(layouts, 1);
        Array.set(arguments, 0, values.getField(argument).get(null));
        Object descriptor =
                descriptors
                        .getMethod("of", layouts, arguments.getClass())
                        .invoke(null, values.getField("JAVA_INT").get(null), arguments);
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
