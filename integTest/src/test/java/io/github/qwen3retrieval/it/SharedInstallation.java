package io.github.qwen3retrieval.it;

import java.io.IOException;

/** One installation with the plugin for all nodes of the tests: unpacking it takes a while. */
final class SharedInstallation {

    private static Installation installation;

    private SharedInstallation() {}

    /** Unpacked and installed at the first call. */
    static synchronized Installation get() throws IOException, InterruptedException {
        if (installation == null) {
            Installation unpacked = Installation.unpack();
            unpacked.installPlugin().orFail();
            installation = unpacked;
        }
        return installation;
    }
}
