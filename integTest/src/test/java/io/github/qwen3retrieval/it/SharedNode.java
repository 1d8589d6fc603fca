package io.github.qwen3retrieval.it;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Lends a node with the test models to the test classes that do not change it: one for all of them,
 * started at the first, stopped after the last. Where a test fails, the tail of its log is printed.
 */
final class SharedNode implements ParameterResolver, AfterTestExecutionCallback {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(SharedNode.class);

    /** The node and the installation, closed by JUnit at the end. */
    private record Started(RealNode node) implements AutoCloseable {

        static Started start() {
            try {
                Installation installation = SharedInstallation.get();
                return new Started(
                        new RealNode(
                                        installation,
                                        NodeConfig.create(installation, Map.of()).withModels())
                                .start());
            } catch (Exception e) {
                throw new IllegalStateException("the shared node did not start", e);
            }
        }

        @Override
        public void close() throws IOException {
            node.close();
        }
    }

    private static RealNode node(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Started.class, key -> Started.start(), Started.class)
                .node();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RealNode.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return node(context);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            System.err.println(
                    "log of the node at the failure of "
                            + context.getDisplayName()
                            + ":\n"
                            + node(context).logTail(40));
        }
    }
}
