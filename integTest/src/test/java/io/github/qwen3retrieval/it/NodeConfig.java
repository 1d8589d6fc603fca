package io.github.qwen3retrieval.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The configuration folder of one node, beside its data and logs.
 *
 * @param folder holds config, data and logs
 */
record NodeConfig(Path folder) {

    /** Elasticsearch's own configuration with these settings, security off. */
    static NodeConfig create(Installation installation, Map<String, Object> settings)
            throws IOException {
        NodeConfig node = new NodeConfig(ScratchFolders.create("node"));
        Files.createDirectories(node.models());
        Files.createDirectories(node.logs());
        copy(installation.home().resolve("config"), node.config());
        Map<String, Object> all =
                new TreeMap<>(
                        Map.of(
                                "discovery.type",
                                "single-node",
                                "network.host",
                                "127.0.0.1",
                                "http.port",
                                0,
                                "transport.port",
                                0,
                                "node.portsfile",
                                true,
                                "xpack.security.enabled",
                                false,
                                "path.data",
                                node.folder.resolve("data").toString(),
                                "path.logs",
                                node.logs().toString()));
        all.putAll(settings);
        // JSON is YAML, and quotes what needs quoting
        Files.writeString(
                node.config().resolve("elasticsearch.yml"),
                new ObjectMapper().writeValueAsString(all));
        return node;
    }

    /** The configuration folder. */
    Path config() {
        return folder.resolve("config");
    }

    /** Where the plugin looks for models unless it is told otherwise. */
    Path models() {
        return config().resolve("qwen3/models");
    }

    /** The folder of log files. */
    Path logs() {
        return folder.resolve("logs");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
