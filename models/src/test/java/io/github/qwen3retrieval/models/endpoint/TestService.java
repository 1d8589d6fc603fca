package io.github.qwen3retrieval.models.endpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntFunction;

/**
 * A service on a socket of this machine, which answers rightly or as badly as a test wants: a
 * server of one's own can break HTTP, a library's cannot.
 */
final class TestService implements AutoCloseable {

    /** Length of the vectors. */
    static final int DIMENSIONS = 64;

    /**
     * What came in.
     *
     * @param head request line and headers
     * @param body the JSON
     */
    record Received(String head, JsonObject body, Socket socket) {

        List<String> texts() {
            String member = body.has("input") ? "input" : "documents";
            return body.getAsJsonArray(member).asList().stream()
                    .map(text -> text.getAsString())
                    .toList();
        }

        /** Waits until the other side hangs up. */
        void awaitHangUp() throws IOException {
            while (socket.getInputStream().read() >= 0) {
                continue;
            }
        }

        void send(int status, String headers, String json) throws IOException {
            byte[] content = json.getBytes(StandardCharsets.UTF_8);
            String head =
                    "HTTP/1.1 "
                            + status
                            + " Words\r\nContent-Type: application/json\r\nContent-Length: "
                            + content.length
                            + "\r\nConnection: close\r\n"
                            + headers
                            + "\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(content);
            socket.getOutputStream().flush();
        }
    }

    /** How a request is answered. */
    interface Behaviour {
        void answer(Received request) throws Exception;
    }

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile Behaviour behaviour = TestService::well;

    TestService() throws IOException {
        this(0);
    }

    /** On a port that another one had. */
    TestService(int port) throws IOException {
        server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        threads.execute(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/v1";
    }

    int port() {
        return server.getLocalPort();
    }

    void behave(Behaviour now) {
        behaviour = now;
    }

    List<Received> received() {
        return received;
    }

    private void accept() {
        while (server.isClosed() == false) {
            try {
                Socket socket = server.accept();
                try {
                    threads.execute(() -> serve(socket));
                } catch (RejectedExecutionException closed) {
                    // it connected while this one closed: who is gone hangs up
                    socket.close();
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
            String length = head.toString().replaceFirst("(?is).*content-length: *(\\d+).*", "$1");
            byte[] body = in.readNBytes(Integer.parseInt(length));
            Received request =
                    new Received(
                            head.toString(),
                            JsonParser.parseString(new String(body, StandardCharsets.UTF_8))
                                    .getAsJsonObject(),
                            socket);
            received.add(request);
            behaviour.answer(request);
        } catch (Exception e) {
            // the client hung up, or the test ended
        }
    }

    /** The right answer. */
    static void well(Received request) throws IOException {
        request.send(200, "", wellSaid(request).toString());
    }

    /** The right answer as JSON: of each text, a vector or a score that depends on it alone. */
    static JsonObject wellSaid(Received request) {
        boolean embeddings = request.body().has("input");
        List<String> texts = request.texts();
        return embeddings
                ? answer("data", texts.size(), i -> embedding(i, vector(texts.get(i))))
                : answer("results", texts.size(), i -> score(i, probability(texts.get(i))));
    }

    /** An answer whose items come in reverse order, as they may. */
    static JsonObject answer(String member, int count, IntFunction<JsonObject> item) {
        JsonArray items = new JsonArray();
        for (int i = count - 1; i >= 0; i--) {
            items.add(item.apply(i));
        }
        JsonObject usage = new JsonObject();
        usage.addProperty("prompt_tokens", 10 * count + 1);
        JsonObject answer = new JsonObject();
        answer.add(member, items);
        answer.add("usage", usage);
        return answer;
    }

    static JsonObject embedding(int index, float[] vector) {
        JsonArray numbers = new JsonArray();
        for (float number : vector) {
            numbers.add(number);
        }
        JsonObject item = new JsonObject();
        item.addProperty("index", index);
        item.add("embedding", numbers);
        return item;
    }

    static JsonObject score(int index, double probability) {
        JsonObject item = new JsonObject();
        item.addProperty("index", index);
        item.addProperty("relevance_score", probability);
        return item;
    }

    static float[] vector(String text) {
        java.util.Random random = new java.util.Random(text.hashCode());
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = random.nextFloat() - 0.5f;
        }
        return vector;
    }

    static double probability(String text) {
        return Math.floorMod(text.hashCode(), 1000) / 999.0;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Received request : received) {
            request.socket().close();
        }
        threads.shutdownNow();
    }
}
