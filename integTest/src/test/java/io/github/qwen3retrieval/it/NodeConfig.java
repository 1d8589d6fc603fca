package io.github.qwen3retrieval.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

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
        Files.createDirectories(node.temporary());
        ScratchFolders.copy(installation.home().resolve("config"), node.config());
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

    /** Puts the test models where the plugin looks for models. */
    NodeConfig withModels() throws IOException {
        TestModels.copyTo(models());
        return this;
    }

    /** Adds a user of the file realm, with the role of the same name. */
    void addUser(Installation installation, String user, String password)
            throws IOException, InterruptedException {
        installation
                .tool(this, "elasticsearch-users", "useradd", user, "-p", password, "-r", user)
                .orFail();
    }

    /** Where the plugin looks for models unless it is told otherwise. */
    Path models() {
        return config().resolve("qwen3/models");
    }

    /** Its temporary folder. */
    Path temporary() {
        return folder.resolve("tmp");
    }

    /** The folder of log files. */
    Path logs() {
        return folder.resolve("logs");
    }
}
