package io.github.qwen3retrieval.models.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A hub on this machine that misbehaves as a test tells it to. */
@UsesJdkHttpServer
public final class HubServer implements AutoCloseable {

    /** What a test may change about an answer before it is sent; true where it sent its own. */
    @UsesJdkHttpServer
    interface Mischief {
        boolean on(HttpExchange exchange, int attempt) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, Integer> attempts = new ConcurrentHashMap<>();
    private final Map<String, Mischief> mischiefs = new ConcurrentHashMap<>();
    private final Map<String, String> lies = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile boolean listing = true;
    private volatile boolean ranges = true;

    /** Serves the files as the repository test/model. */
    public HubServer(Map<String, byte[]> files) throws IOException {
        this.files.putAll(files);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(pool);
        server.createContext("/", this::answer);
        server.start();
    }

    /** The address to give as hub. */
    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<String> requests() {
        return new ArrayList<>(requests);
    }

    void mischief(String name, Mischief mischief) {
        mischiefs.put(name, mischief);
    }

    void lie(String name, String sha256) {
        lies.put(name, sha256);
    }

    void put(String name, byte[] content) {
        files.put(name, content);
    }

    void withoutList() {
        listing = false;
    }

    void withoutRanges() {
        ranges = false;
    }

    @Override
    public void close() {
        server.stop(0);
        pool.shutdownNow();
    }

    /** Sends a status without a body. */
    static boolean status(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
        return true;
    }

    /** Promises everything, sends the first part and hangs up. */
    boolean drop(HttpExchange exchange, byte[] content, int bytes) throws IOException {
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content, 0, bytes);
        exchange.getResponseBody().flush();
        exchange.getResponseBody().close();
        return true;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String range = exchange.getRequestHeaders().getFirst("Range");
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (path.startsWith("/api/")) {
            name = "list";
        }
        requests.add(name + (range == null ? "" : " " + range));
        int attempt = attempts.merge(name, 1, Integer::sum);
        Mischief mischief = mischiefs.get(name);
        try {
            if (mischief != null && mischief.on(exchange, attempt)) {
                return;
            }
        } catch (IOException e) {
            exchange.close();
            return;
        }
        serve(exchange, path, name, range);
    }

    private void serve(HttpExchange exchange, String path, String name, String range)
            throws IOException {
        if (path.startsWith("/api/v1/models/test/model/repo/files")) {
            send(exchange, modelScopeList().getBytes(StandardCharsets.UTF_8), 0);
        } else if (path.startsWith("/api/models/test/model/tree/") && listing) {
            send(exchange, huggingFaceList().getBytes(StandardCharsets.UTF_8), 0);
        } else if (path.matches("/(models/)?(test/model|cdn)/resolve/.*")
                && files.containsKey(name)) {
            byte[] content = files.get(name);
            boolean partial = range != null && ranges;
            int start =
                    partial ? Integer.parseInt(range.replace("bytes=", "").replace("-", "")) : 0;
            if (partial && start >= content.length) {
                status(exchange, 416);
                return;
            }
            send(exchange, content, start);
        } else {
            status(exchange, 404);
        }
    }

    private static void send(HttpExchange exchange, byte[] content, int start) throws IOException {
        if (start > 0) {
            exchange.getResponseHeaders()
                    .set(
                            "Content-Range",
                            "bytes " + start + "-" + (content.length - 1) + "/" + content.length);
        }
        int length = content.length - start;
        exchange.sendResponseHeaders(start > 0 ? 206 : 200, length == 0 ? -1 : length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(content, start, length);
        }
    }

    private String huggingFaceList() {
        List<String> entries = new ArrayList<>();
        entries.add("{\"type\":\"directory\",\"path\":\"1_Pooling\",\"size\":0,\"oid\":\"0\"}");
        files.forEach(
                (name, content) -> {
                    String checksum =
                            name.endsWith(".safetensors")
                                    ? "\"lfs\":{\"oid\":\"" + sha256(name, content) + "\"}"
                                    : "\"oid\":\"" + gitBlob(content) + "\"";
                    entries.add(
                            "{\"type\":\"file\",\"path\":\""
                                    + name
                                    + "\",\"size\":"
                                    + content.length
                                    + ","
                                    + checksum
                                    + "}");
                });
        return "[" + String.join(",", entries) + "]";
    }

    private String modelScopeList() {
        List<String> entries = new ArrayList<>();
        files.forEach(
                (name, content) ->
                        entries.add(
                                "{\"Type\":\"blob\",\"Path\":\""
                                        + name
                                        + "\",\"Size\":"
                                        + content.length
                                        + ",\"Sha256\":\""
                                        + sha256(name, content)
                                        + "\"}"));
        return "{\"Code\":200,\"Data\":{\"Files\":[" + String.join(",", entries) + "]}}";
    }

    private String sha256(String name, byte[] content) {
        return lies.getOrDefault(name, hash("SHA-256", content));
    }

    private static String gitBlob(byte[] content) {
        byte[] line = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] both = new byte[line.length + content.length];
        System.arraycopy(line, 0, both, 0, line.length);
        System.arraycopy(content, 0, both, line.length, content.length);
        return hash("SHA-1", both);
    }

    private static String hash(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
