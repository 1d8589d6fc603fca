package io.github.qwen3retrieval.demo;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The part of {@code ./demo} that speaks to the node. The first collection is small, so that a
 * search can be shown soon; the others are ingested while the page is already there.
 */
public final class Demo {

    /** Folders of the collections, in the order in which the page offers them. */
    static final List<String> COLLECTIONS = List.of("xquad-en", "cosqa");

    /**
     * Documents of a collection where the model is a real one, of which a CPU does few a second.
     */
    private static final int FEW = 300;

    private final ElasticsearchNode node;
    private final Map<String, String> models;
    private final List<Collection> collections;
    private final Ingest ingest;

    private Demo(String[] arguments) throws IOException {
        node = new ElasticsearchNode(URI.create(arguments[1]));
        models = Map.of("embedding", arguments[2], "reranker", arguments[3]);
        ingest = new Ingest(node, System.out, arguments[6].equals("live"));
        collections = collections(Path.of(arguments[4]), most(models.get("embedding")));
    }

    /**
     * Runs a part of the demo against a node.
     *
     * @param arguments {@code first} (the first collection, a search, what the page is to know) or
     *     {@code others}; the node's address; embedding model; reranker; folder of the collections;
     *     the file for the page; {@code live} where a line on the console may be overwritten, else
     *     {@code plain}
     */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            Demo demo = new Demo(arguments);
            if (arguments[0].equals("first")) {
                demo.first(Path.of(arguments[5]));
            } else {
                demo.others();
            }
        } catch (IOException e) {
            // a refused connection has no message
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            System.err.println("demo: " + reason);
            System.exit(1);
        }
    }

    private void first(Path page) throws IOException, InterruptedException {
        System.out.printf(
                Locale.ROOT,
                "embedding with [%s], reranking with [%s]%n",
                models.get("embedding"),
                models.get("reranker"));
        ingest.run(collections.getFirst(), models.get("embedding"));
        node.open(models.get("reranker"));
        new WorkedSearch(node, models, System.out).show(collections.getFirst());
        Files.writeString(page, page(node.url(), models, collections).toString());
    }

    private void others() throws IOException, InterruptedException {
        for (Collection collection : collections.subList(1, collections.size())) {
            ingest.run(collection, models.get("embedding"));
        }
    }

    /** What the page is told: where the node is, the models, and what there is to search in. */
    public static JsonObject page(
            URI node, Map<String, String> models, List<Collection> collections) {
        JsonObject page = new JsonObject();
        page.addProperty("node", node.toString());
        page.addProperty("embedding", models.get("embedding"));
        page.addProperty("reranker", models.get("reranker"));
        JsonArray offered = new JsonArray();
        for (Collection collection : collections) {
            JsonObject each = collection.about().deepCopy();
            each.addProperty("index", collection.index());
            each.addProperty("count", collection.documents().size());
            each.add("samples", samples(collection));
            offered.add(each);
        }
        page.add("collections", offered);
        return page;
    }

    private static JsonArray samples(Collection collection) {
        JsonArray samples = new JsonArray();
        for (Collection.Sample sample : collection.samples()) {
            JsonArray answers = new JsonArray();
            sample.answers().forEach(answers::add);
            JsonObject each = new JsonObject();
            each.addProperty("text", sample.text());
            each.add("answers", answers);
            samples.add(each);
        }
        return samples;
    }

    private static List<Collection> collections(Path folder, int most) throws IOException {
        List<Collection> collections = new ArrayList<>();
        for (String name : COLLECTIONS) {
            collections.add(Collection.read(folder.resolve(name), most));
        }
        return collections;
    }

    private static int most(String embedding) {
        String wanted = System.getenv().getOrDefault("QWEN3_DEMO_DOCUMENTS", "");
        if (!wanted.isEmpty()) {
            return Integer.parseInt(wanted);
        }
        boolean small = embedding.startsWith("demo-") || embedding.startsWith("random-");
        return small ? Integer.MAX_VALUE : FEW;
    }
}
