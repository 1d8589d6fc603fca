package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.github.qwen3retrieval.demo.Collection;
import io.github.qwen3retrieval.demo.ElasticsearchNode;
import io.github.qwen3retrieval.demo.Ingest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@code ./demo} keeps of an earlier ingest, and what it does again. */
@ExtendWith(SharedNode.class)
class DemoIngestIT {

    private final NodeClient client;
    private final ElasticsearchNode node;

    DemoIngestIT(RealNode node) throws Exception {
        client = node.client();
        this.node = new ElasticsearchNode(DemoPage.url(node));
    }

    @Test
    void goesOnWhereItWasBrokenOff() throws Exception {
        Collection collection = collection("broken-off", 130);
        ingest(collection);
        List<JsonObject> lost = collection.documents().subList(64, 130);
        String deletes =
                lost.stream()
                        .map(document -> "{\"delete\":{\"_id\":" + document.get("_id") + "}}\n")
                        .collect(Collectors.joining());
        client.post(collection.index() + "/_bulk?refresh=true", deletes).ok();

        String said = ingest(collection);
        assertTrue(said.contains("] 130 of 130 paragraphs, "), said);
        assertEquals(1, version(collection, 0));
        assertEquals(3, version(collection, 129));
        assertEquals(
                "index [qwen3-demo-broken-off] already holds the 130 paragraphs\n",
                ingest(collection));
        assertEquals(1, version(collection, 0));
    }

    @Test
    void beginsAnewWithOtherDocuments() throws Exception {
        Collection collection = collection("other-documents", 70);
        ingest(collection);
        List<JsonObject> documents = new ArrayList<>(collection.documents());
        JsonObject changed = documents.getLast().deepCopy();
        changed.addProperty("text", "Another text.");
        documents.set(69, changed);
        Collection other = new Collection(collection.about(), documents, collection.samples());
        assertTrue(ingest(other).contains("] 70 of 70 paragraphs, "));
        String path = other.index() + "/_doc/" + changed.get("_id").getAsString();
        assertEquals("Another text.", client.get(path).ok().body().at("/_source/text").asText());
    }

    @Test
    void takesTheAnswersOfTheSamplesFirstWhereFewAreWanted() throws Exception {
        Collection few = Collection.read(DemoPage.FOLDER.resolve("cosqa"), 60);
        List<String> ids =
                few.documents().stream().map(each -> each.get("_id").getAsString()).toList();
        assertEquals(60, ids.size());
        few.samples().forEach(sample -> assertTrue(ids.containsAll(sample.answers())));
        assertTrue(ids.containsAll(List.of("c0", "c1", "c2")));
    }

    private static Collection collection(String name, int documents) throws Exception {
        Collection xquad = Collection.read(DemoPage.FOLDER.resolve("xquad-en"), documents);
        JsonObject about = xquad.about().deepCopy();
        about.addProperty("name", name);
        return new Collection(about, xquad.documents(), xquad.samples());
    }

    private String ingest(Collection collection) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        new Ingest(node, print, false).run(collection, TestModels.EMBEDDING);
        return out.toString(StandardCharsets.UTF_8);
    }

    private int version(Collection collection, int document) throws Exception {
        String id = collection.documents().get(document).get("_id").getAsString();
        return client.get(collection.index() + "/_doc/" + id).ok().body().get("_version").asInt();
    }
}
