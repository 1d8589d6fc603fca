package io.github.qwen3retrieval.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /**
     * Adds users of the file realm, all with one password and each with the role of the same name.
     */
    void addUsers(Installation installation, String password, List<String> users)
            throws IOException, InterruptedException {
        String first = users.getFirst();
        installation
                .tool(this, "elasticsearch-users", "useradd", first, "-p", password, "-r", first)
                .orFail();
        // the tool takes seconds for each; its files are lines of "user:hash" and "role:user"
        Path hashes = config().resolve("users");
        String hash = Files.readString(hashes).strip();
        List<String> lines =
                users.stream().map(user -> hash.replace(first + ":", user + ":")).toList();
        Files.write(hashes, lines);
        Files.write(
                config().resolve("users_roles"),
                users.stream().map(user -> user + ":" + user).toList());
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
