package io.github.qwen3retrieval.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A node of a real Elasticsearch, entitlements on, in a process of its own. */
final class RealNode implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final String HEAP = "512m";

    private final Installation installation;
    private final NodeConfig config;
    private Process process;

    /** A client that is closed leaves requests that others wait for without an answer. */
    private final List<NodeClient> retired = new ArrayList<>();

    private volatile NodeClient client;

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
        connect(credentials);
        client.awaitGreen(START_LIMIT);
        return this;
    }

    /** Makes its client, with credentials or with null where security is off. */
    void connect(String credentials) throws IOException {
        retireClient();
        client = new NodeClient(httpAddress(), credentials);
    }

    /** Starts it and does not wait. */
    void launch() throws IOException {
        Files.deleteIfExists(portsFile());
        Files.deleteIfExists(transportPortsFile());
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

    /** Host and port by which other nodes reach it. */
    String transportAddress() throws IOException {
        return Files.readAllLines(transportPortsFile()).getFirst();
    }

    /** The process of Elasticsearch itself, which its start script began. */
    ProcessHandle server() throws IOException {
        JsonNode nodes = client.get("_nodes/_local/process").ok().body().get("nodes");
        return ProcessHandle.of(nodes.findValue("id").asLong()).orElseThrow();
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
        retireClient();
        process.destroy();
        if (ended(60) == false) {
            kill();
            throw new AssertionError("the node did not stop\n" + logTail(80));
        }
    }

    private boolean ended(int seconds) throws IOException {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            kill();
            throw new InterruptedIOException("interrupted while the node stopped");
        }
    }

    /** Ends it at once, as a crash does. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Ends it as a crash does, and waits until nothing of it holds its data any more. */
    void crash() throws IOException {
        List<ProcessHandle> all =
                Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (all.stream().anyMatch(ProcessHandle::isAlive)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the node cannot be killed: " + all);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        retireClient();
    }

    @Override
    public void close() throws IOException {
        if (process != null && process.isAlive()) {
            stop();
        }
        closeClients();
        ScratchFolders.delete(config.folder());
    }

    /** Ends it at once and removes all that it wrote. */
    void discard() throws IOException {
        if (process != null) {
            crash();
        }
        closeClients();
        ScratchFolders.delete(config.folder());
    }

    private void retireClient() {
        if (client != null) {
            retired.add(client);
            client = null;
        }
    }

    private void closeClients() throws IOException {
        retireClient();
        for (NodeClient each : retired) {
            each.close();
        }
        retired.clear();
    }

    private Path portsFile() {
        return config.logs().resolve("http.ports");
    }

    private Path transportPortsFile() {
        return config.logs().resolve("transport.ports");
    }

    private Path console() {
        return config.logs().resolve("console.log");
    }
}
