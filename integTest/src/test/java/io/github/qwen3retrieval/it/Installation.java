package io.github.qwen3retrieval.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * An unpacked Elasticsearch into which the plugin can be installed. Nodes share it: each has its
 * own configuration, data and logs.
 *
 * @param home Elasticsearch's folder
 */
record Installation(Path home) {

    /** The JDK that runs the tests also runs the nodes. */
    private static final Map<String, String> JAVA =
            Map.of("ES_JAVA_HOME", System.getProperty("java.home"));

    /** Name of the plugin. */
    static final String PLUGIN = "qwen3-retrieval";

    /** The plugin's zip, as the build made it. */
    static Path pluginZip() {
        return Path.of(System.getProperty("it.plugin.zip"));
    }

    /** Elasticsearch without any plugin. */
    static Installation unpack() throws IOException {
        Path folder = ScratchFolders.create("es");
        try (ZipFile zip = new ZipFile(System.getProperty("it.elasticsearch.zip"))) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                unpack(zip, entries.nextElement(), folder);
            }
        }
        try (var children = Files.list(folder)) {
            return new Installation(children.findFirst().orElseThrow());
        }
    }

    private static void unpack(ZipFile zip, ZipEntry entry, Path folder) throws IOException {
        Path target = folder.resolve(entry.getName());
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        try (var in = zip.getInputStream(entry)) {
            Files.copy(in, target);
        }
        if (target.getParent().endsWith("bin")) {
            target.toFile().setExecutable(true, false);
        }
    }

    /** Installs the plugin; standard error lists what it asks for. */
    Command installPlugin() throws IOException, InterruptedException {
        return install(pluginZip());
    }

    /** Installs the zip of a plugin. */
    Command install(Path zip) throws IOException, InterruptedException {
        return tool("elasticsearch-plugin", "install", "--batch", zip.toUri().toString());
    }

    /** Runs one of Elasticsearch's tools in {@code bin}. */
    Command tool(String name, String... arguments) throws IOException, InterruptedException {
        return run(name, JAVA, "", arguments);
    }

    /** Runs one of Elasticsearch's tools on the configuration of a node. */
    Command tool(NodeConfig node, String name, String... arguments)
            throws IOException, InterruptedException {
        return run(name, environment(node, "64m"), "", arguments);
    }

    /** Puts a secret into the keystore of a node, as an administrator does. */
    void secret(NodeConfig node, String setting, String value)
            throws IOException, InterruptedException {
        run(
                        "elasticsearch-keystore",
                        environment(node, "64m"),
                        value + "\n",
                        "add",
                        "--stdin",
                        "--force",
                        setting)
                .orFail();
    }

    /** Runs the plugin's command line, with lines for its standard input. */
    Command qwen3(String input, String... arguments) throws IOException, InterruptedException {
        return run(PLUGIN + "/qwen3", JAVA, input, arguments);
    }

    private Command run(
            String name, Map<String, String> environment, String input, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin").resolve(name) + ""));
        command.addAll(List.of(arguments));
        return Command.run(command, environment, input);
    }

    /** The environment in which a node of this installation starts. */
    Map<String, String> environment(NodeConfig node, String heap) {
        return Map.of(
                "ES_TMPDIR",
                node.temporary().toString(),
                "CLI_JAVA_OPTS",
                "-Djava.io.tmpdir=" + node.temporary(),
                "ES_JAVA_HOME",
                JAVA.get("ES_JAVA_HOME"),
                "ES_PATH_CONF",
                node.config().toString(),
                "ES_JAVA_OPTS",
                "-Xms" + heap + " -Xmx" + heap);
    }
}
