package io.github.qwen3retrieval.models.evaluate;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.qwen3retrieval.models.hub.UsesJdkHttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A web server that answers as a test wants, for what a real node does not do on demand: having no
 * room, breaking off, not being Elasticsearch.
 */
@UsesJdkHttpServer
final class ScriptedNode implements AutoCloseable {

    /**
     * What came in.
     *
     * @param path without the slash before it
     */
    record Request(String method, String path, String authorization, String body) {}

    /**
     * What goes out.
     *
     * @param status 0 to hang up without an answer
     */
    record Answer(int status, String body) {}

    /** How a request is answered. */
    interface Script {
        Answer to(Request request) throws InterruptedException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Request> received = new ArrayList<>();
    private final Script script;

    ScriptedNode(Script script) throws IOException {
        this.script = script;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized List<Request> received() {
        return List.copyOf(received);
    }

    private void answer(HttpExchange exchange) {
        try (exchange) {
            Request request =
                    new Request(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().toString().substring(1),
                            exchange.getRequestHeaders().getFirst("Authorization"),
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8));
            synchronized (this) {
                received.add(request);
            }
            Answer answer = script.to(request);
            if (answer.status() != 0) {
                byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(answer.status(), body.length);
                exchange.getResponseBody().write(body);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
