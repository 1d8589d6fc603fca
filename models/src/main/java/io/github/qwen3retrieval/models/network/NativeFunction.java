package io.github.qwen3retrieval.models.network;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.nio.Buffer;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds functions of the native libraries that are loaded, for those that no binding has. By
 * reflection: {@code java.lang.foreign} is part of Java since version 22, and these classes are for
 * 21 on.
 */
final class NativeFunction {

    private static final String FOREIGN = "java.lang.foreign.";

    private NativeFunction() {}

    /**
     * A function that returns nothing.
     *
     * @param name of its symbol
     * @param parameters int, float, and Buffer for the address where the rest of a direct buffer
     *     lies
     * @return a handle with these parameters, or nothing where no library has it or this Java
     *     cannot call it
     */
    static Optional<MethodHandle> of(String name, Class<?>... parameters) {
        try {
            Class<?> lookup = Class.forName(FOREIGN + "SymbolLookup");
            Object loaded = lookup.getMethod("loaderLookup").invoke(null);
            Optional<?> address =
                    (Optional<?>) lookup.getMethod("find", String.class).invoke(loaded, name);
            return address.isPresent()
                    ? Optional.of(handle(address.get(), parameters))
                    : Optional.empty();
        } catch (ReflectiveOperationException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private static MethodHandle handle(Object address, Class<?>... parameters)
            throws ReflectiveOperationException {
        Class<?> linker = Class.forName(FOREIGN + "Linker");
        Class<?> option = Class.forName(FOREIGN + "Linker$Option");
        Class<?> segment = Class.forName(FOREIGN + "MemorySegment");
        Class<?> descriptor = Class.forName(FOREIGN + "FunctionDescriptor");
        Object noOptions = Array.newInstance(option, 0);
        Object described = descriptor(descriptor, parameters);
        MethodHandle handle =
                (MethodHandle)
                        linker.getMethod(
                                        "downcallHandle", segment, descriptor, noOptions.getClass())
                                .invoke(
                                        linker.getMethod("nativeLinker").invoke(null),
                                        address,
                                        described,
                                        noOptions);
        MethodHandle ofBuffer =
                MethodHandles.publicLookup()
                        .findStatic(
                                segment, "ofBuffer", MethodType.methodType(segment, Buffer.class));
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i] == Buffer.class) {
                handle = MethodHandles.filterArguments(handle, i, ofBuffer);
            }
        }
        return handle;
    }

    private static Object descriptor(Class<?> descriptor, Class<?>... parameters)
            throws ReflectiveOperationException {
        Class<?> layout = Class.forName(FOREIGN + "MemoryLayout");
        Class<?> values = Class.forName(FOREIGN + "ValueLayout");
        Object layouts = Array.newInstance(layout, parameters.length);
        for (int i = 0; i < parameters.length; i++) {
            String type =
                    parameters[i] == Buffer.class
                            ? "ADDRESS"
                            : "JAVA_" + parameters[i].getName().toUpperCase(Locale.ROOT);
            Array.set(layouts, i, values.getField(type).get(null));
        }
        return descriptor.getMethod("ofVoid", layouts.getClass()).invoke(null, layouts);
    }
}
