package io.github.qwen3retrieval.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** A node of a real Elasticsearch, entitlements on, in a process of its own. */
final class RealNode implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final String HEAP = "512m";

    private final Installation installation;
    private final NodeConfig config;
    private Process process;
    private NodeClient client;

    RealNode(Installation installation, NodeConfig config) {
        this.installation = installation;
        this.config = config;
    }

    /** Starts it and waits until it is green. */
    RealNode start() throws IOException, InterruptedException {
        return start(null);
    }

    /** The same with security on. */
    RealNode start(String credentials) throws IOException, InterruptedException {
        launch();
        awaitPort();
        client = new NodeClient(httpAddress(), credentials);
        client.awaitGreen(START_LIMIT);
        return this;
    }

    /** Starts it and does not wait. */
    void launch() throws IOException {
        Files.deleteIfExists(portsFile());
        NodeUser.own(config.folder());
        ProcessBuilder builder =
                new ProcessBuilder(
                                NodeUser.command(
                                        List.of(installation.home() + "/bin/elasticsearch")))
                        .redirectErrorStream(true)
                        .redirectOutput(console().toFile());
        builder.environment().putAll(installation.environment(config, HEAP));
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    }

    /** Waits for its HTTP port to be open. */
    void awaitPort() throws IOException, InterruptedException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!Files.exists(portsFile())) {
            if (!process.isAlive() || System.nanoTime() > end) {
                kill();
                throw new AssertionError("the node did not start\n" + logTail(80));
            }
            Thread.sleep(200);
        }
    }

    /** Waits for the process to end by itself, as it does where its configuration is refused. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            kill();
            throw new AssertionError("the node still runs\n" + logTail(80));
        }
        return process.exitValue();
    }

    /** Host and port of its HTTP interface. */
    String httpAddress() throws IOException {
        return Files.readAllLines(portsFile()).getFirst();
    }

    /** A client with the credentials it was started with. */
    NodeClient client() {
        return client;
    }

    /** Its configuration. */
    NodeConfig config() {
        return config;
    }

    /** What it runs from. */
    Installation installation() {
        return installation;
    }

    /** Everything it wrote to its console, which is its log. */
    String log() {
        try {
            return Files.readString(console(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The last lines of its log. */
    String logTail(int lines) {
        List<String> all = log().lines().toList();
        return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    }

    /** Stops it as an administrator does, and waits for its end. */
    void stop() throws IOException {
        closeClient();
        process.destroy();
        try {
            process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
        } catch (CompletionException late) {
            kill();
            throw new AssertionError("the node did not stop\n" + logTail(80), late);
        }
    }

    /** Ends it at once, as a crash does. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() throws IOException {
        if (process != null && process.isAlive()) {
            stop();
        }
        ScratchFolders.delete(config.folder());
    }

    private void closeClient() throws IOException {
        if (client != null) {
            client.close();
            client = null;
        }
    }

    private Path portsFile() {
        return config.logs().resolve("http.ports");
    }

    private Path console() {
        return config.logs().resolve("console.log");
    }
}
