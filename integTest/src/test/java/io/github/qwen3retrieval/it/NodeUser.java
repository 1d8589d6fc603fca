package io.github.qwen3retrieval.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who runs a node: the user of the tests or, where that is root, the unprivileged user {@code
 * nobody}, since Elasticsearch refuses to run as root.
 */
final class NodeUser {

    private static final String NOBODY = "nobody";

    private NodeUser() {}

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** The command as that user runs it. */
    static List<String> command(List<String> command) {
        if (!isRoot()) {
            return command;
        }
        List<String> dropped =
                new ArrayList<>(
                        List.of("setpriv", "--reuid=" + NOBODY, "--regid=65534", "--clear-groups"));
        dropped.addAll(command);
        return dropped;
    }

    /** Gives a folder with all that is in it to that user. */
    static void own(Path folder) throws IOException {
        if (!isRoot()) {
            return;
        }
        var nobody =
                folder.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName(NOBODY);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.setOwner(file, nobody);
            }
        }
    }
}
