package io.github.qwen3retrieval.demo;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves the search page, the example of Search UI where it is built, and their searches, to
 * programs on this machine alone.
 */
@UsesJdkHttpServer
public final class PageServer implements AutoCloseable {

    /** Other names that lead here are another site's: it may not borrow the user's browser. */
    private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost");

    private static final Map<String, String> HEADERS =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                            + " img-src 'self'; base-uri 'none'; form-action 'self';"
                            + " frame-ancestors 'none'",
                    "X-Content-Type-Options",
                    "nosniff",
                    "Referrer-Policy",
                    "no-referrer",
                    "Cache-Control",
                    "no-cache");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final StaticFiles page;
    private final StaticFiles searchUi;
    private final byte[] config;
    private final SearchProxy searches;

    private PageServer(HttpServer server, Path page, Path searchUi, JsonObject config)
            throws IOException {
        this.server = server;
        this.page = StaticFiles.read(page, "/");
        this.searchUi = StaticFiles.read(searchUi, "/search-ui/");
        this.config = config.toString().getBytes(StandardCharsets.UTF_8);
        Set<String> indices = new TreeSet<>();
        for (JsonElement each : config.getAsJsonArray("collections")) {
            indices.add(each.getAsJsonObject().get("index").getAsString());
        }
        searches = new SearchProxy(URI.create(config.get("node").getAsString()), indices);
    }

    /**
     * Starts a server.
     *
     * @param page folder of the search page
     * @param searchUi folder of the built example of Search UI, which may be missing
     * @param config what {@link Demo#page} gives
     * @param port the port, or 0 for any
     * @throws BindException where another program has the port
     */
    public static PageServer start(Path page, Path searchUi, JsonObject config, int port)
            throws IOException {
        InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        HttpServer server = HttpServer.create(here, 0);
        PageServer started = new PageServer(server, page, searchUi, config);
        server.setExecutor(started.threads);
        server.createContext("/", started::handle);
        server.start();
        return started;
    }

    /** Its address, with a slash at the end. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String host = exchange.getRequestHeaders().getFirst("Host");
            String path = exchange.getRequestURI().getPath();
            boolean reads = Set.of("GET", "HEAD").contains(exchange.getRequestMethod());
            if (host == null || !HOSTS.contains(host.replaceFirst(":[0-9]+$", ""))) {
                send(exchange, 421, "text/plain", bytes("this server is for this machine alone"));
            } else if (exchange.getRequestMethod().equals("POST") && searches.takes(path)) {
                searches.handle(exchange);
            } else if (reads && path.equals("/demo.json")) {
                send(exchange, 200, "application/json", config);
            } else {
                file(exchange, path, reads);
            }
        }
    }

    private void file(HttpExchange exchange, String path, boolean reads) throws IOException {
        boolean app = path.startsWith("/search-ui/");
        StaticFiles.File file = (app ? searchUi : page).at(path);
        if (!reads) {
            send(exchange, 405, "text/plain", bytes("only searches are sent here"));
        } else if (file != null) {
            send(exchange, 200, file.type(), file.bytes());
        } else if (app && searchUi.files().isEmpty()) {
            send(
                    exchange,
                    404,
                    "text/plain",
                    bytes("not built: see integTest/demo/search-ui, then run ./demo again"));
        } else {
            send(exchange, 404, "text/plain", bytes("nothing here"));
        }
    }

    /** Answers a request. */
    static void send(HttpExchange exchange, int status, String type, byte[] body)
            throws IOException {
        HEADERS.forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /**
     * Serves until it is ended.
     *
     * @param arguments folder of the page; folder of the built example of Search UI; file with what
     *     {@link Demo#page} gave; first port to try; last one; file that takes the address and the
     *     id of this process, or {@code failed}
     */
    public static void main(String[] arguments) throws IOException {
        Path started = Path.of(arguments[5]);
        try {
            URI url = serve(arguments).url();
            Files.writeString(started, url + "\n" + ProcessHandle.current().pid() + "\n");
        } catch (IOException e) {
            Files.writeString(started, "failed\n");
            throw e;
        }
    }

    private static PageServer serve(String[] arguments) throws IOException {
        JsonObject config =
                JsonParser.parseString(Files.readString(Path.of(arguments[2]))).getAsJsonObject();
        int last = Integer.parseInt(arguments[4]);
        for (int port = Integer.parseInt(arguments[3]); ; port++) {
            try {
                return start(Path.of(arguments[0]), Path.of(arguments[1]), config, port);
            } catch (BindException e) {
                if (port == last) {
                    throw new BindException("port [" + port + "] is taken");
                }
            }
        }
    }
}
