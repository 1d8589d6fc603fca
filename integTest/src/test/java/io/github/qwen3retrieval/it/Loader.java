package io.github.qwen3retrieval.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Indexes documents as a client that knows what to do: several bulks side by side; what is refused,
 * or got no answer, is sent again until it is in.
 */
final class Loader {

    private final String index;
    private final IntFunction<String> text;
    private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
    private final Queue<Throwable> fatal = new ConcurrentLinkedQueue<>();
    private int bulkSize = 250;
    private long limitSeconds = 300;

    /**
     * @param index with a default pipeline
     * @param text of the document of this number, which is also its id
     */
    Loader(String index, IntFunction<String> text) {
        this.index = index;
        this.text = text;
    }

    Loader bulksOf(int documents) {
        bulkSize = documents;
        return this;
    }

    /** How often documents were refused, by status and type of the error; or got no answer. */
    Map<String, Integer> refusals() {
        return new TreeMap<>(refusals);
    }

    /** Documents refused at least once, counted once for each time. */
    int refused() {
        return refusals.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * Indexes documents 0 to {@code documents − 1}.
     *
     * @param clients asked anew for each bulk: one a thread, each perhaps of another node; throws
     *     where that is down
     * @throws AssertionError where a document is refused for good
     */
    void load(int documents, List<Supplier<NodeClient>> clients) throws Exception {
        Queue<List<Integer>> bulks = new ConcurrentLinkedQueue<>();
        for (int from = 0; from < documents; from += bulkSize) {
            bulks.add(IntStream.range(from, Math.min(from + bulkSize, documents)).boxed().toList());
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(clients.size())) {
            List<Future<?>> running = new ArrayList<>();
            for (Supplier<NodeClient> client : clients) {
                running.add(threads.submit(() -> send(bulks, client)));
            }
            for (Future<?> thread : running) {
                thread.get(limitSeconds, TimeUnit.SECONDS);
            }
        }
        if (fatal.isEmpty() == false) {
            throw new AssertionError(fatal.size() + " bulks failed", fatal.peek());
        }
    }

    private void send(Queue<List<Integer>> bulks, Supplier<NodeClient> client) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(limitSeconds);
        for (List<Integer> ids = bulks.poll(); ids != null; ids = bulks.poll()) {
            try {
                List<Integer> again = ids;
                while (again.isEmpty() == false) {
                    again = refusedOf(again, client);
                    if (again.isEmpty() == false) {
                        Thread.sleep(20);
                    }
                    if (System.nanoTime() > end) {
                        throw new AssertionError("still refused: " + again + refusals);
                    }
                }
            } catch (InterruptedException | RuntimeException | Error e) {
                fatal.add(e);
                return;
            }
        }
    }

    private List<Integer> refusedOf(List<Integer> ids, Supplier<NodeClient> client) {
        StringBuilder lines = new StringBuilder();
        for (int id : ids) {
            lines.append("{\"index\":{\"_id\":\"").append(id).append("\"}}\n");
            lines.append(
                    Articles.JSON.createObjectNode().put("body", text.apply(id)).put("number", id));
            lines.append('\n');
        }
        NodeClient.Answer answer;
        try {
            answer = client.get().post(index + "/_bulk", lines.toString());
        } catch (IOException | IllegalStateException noAnswer) {
            refusals.merge("no answer", ids.size(), Integer::sum);
            return ids;
        }
        if (answer.status() != 200) {
            count(answer.status(), answer.body().get("error"), ids.size());
            return ids;
        }
        List<Integer> refused = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            JsonNode item = answer.body().at("/items/" + i + "/index");
            if (item.get("status").asInt() >= 300) {
                count(item.get("status").asInt(), item.get("error"), 1);
                refused.add(ids.get(i));
            }
        }
        return refused;
    }

    private void count(int status, JsonNode error, int documents) {
        if (status != 429 && status != 503) {
            throw new AssertionError(status + " " + error);
        }
        refusals.merge(status + " " + error.path("type").asText(), documents, Integer::sum);
    }
}
