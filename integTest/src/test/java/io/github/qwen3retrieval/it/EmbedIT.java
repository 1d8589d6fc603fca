package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents through {@code _bulk} and the processor into {@code dense_vector}. */
@ExtendWith(SharedNode.class)
class EmbedIT {

    private static final float TOLERANCE = 1e-5f;

    private final NodeClient client;
    private final CommandLine qwen3;

    EmbedIT(RealNode node) {
        client = node.client();
        qwen3 = new CommandLine(node.installation());
    }

    @Test
    void storesTheVectorsOfTheCommandLine() throws Exception {
        Articles.index(client, "embed-stored", 1, "");
        List<float[]> expected = qwen3.embed(Articles.TEXTS);
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), vector("embed-stored", i, "vector"), TOLERANCE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hnsw",
                "int8_hnsw",
                "int4_hnsw",
                "bbq_hnsw",
                "flat",
                "int8_flat",
                "int4_flat",
                "bbq_flat"
            })
    void everyIndexTypeFindsTheText(String type) throws Exception {
        String index = "embed-" + type;
        Articles.index(client, index, 1, ", \"index_options\": { \"type\": \"" + type + "\" }");
        Hits byVector =
                search(index, "\"query_vector\": " + Arrays.toString(vector(index, 4, "vector")));
        assertEquals("4", byVector.ids().getFirst());
        Hits byText =
                search(
                        index,
                        "\"query_vector_builder\": { \"qwen3_embedding\": { \"model_text\": \""
                                + Articles.QUERY
                                + "\" } }");
        assertEquals(3, byText.hits().size());
    }

    private Hits search(String index, String query) throws IOException {
        return Hits.of(
                client.post(
                        index + "/_search",
                        "{ \"knn\": { \"field\": \"vector\", \"k\": 3, \"num_candidates\": 12, "
                                + query
                                + " } }"));
    }

    @Test
    void joinsValuesAndCutsToDimensions() throws Exception {
        client.put(
                        "_ingest/pipeline/several",
                        Template.fill(
                                """
                        { "processors": [ { "qwen3_embedding": {
                            "model_id": "%s", "dimensions": 32, "instruction": "Find it",
                            "input_output": [
                              { "input_field": "title", "output_field": "title_vector" },
                              { "input_field": "parts", "output_field": "parts_vector" } ] } } ] }
                        """,
                                TestModels.EMBEDDING))
                .ok();
        client.put(
                        "embed-several/_doc/0?pipeline=several&refresh=true",
                        "{\"title\": \"A title\", \"parts\": [\"one\", \"two\"]}")
                .ok();
        List<float[]> expected =
                qwen3.embed(
                        List.of("A title", "one\ntwo"),
                        "--dimensions",
                        "32",
                        "--instruction",
                        "Find it");
        assertArrayEquals(expected.get(0), vector("embed-several", 0, "title_vector"), TOLERANCE);
        assertArrayEquals(expected.get(1), vector("embed-several", 0, "parts_vector"), TOLERANCE);
    }

    @Test
    void aDocumentWithoutTextFailsAlone() throws Exception {
        Articles.pipeline(client, "strict", "");
        JsonNode answer =
                client.post(
                                "embed-alone/_bulk?pipeline=strict&refresh=true",
                                """
                                {"index":{"_id":"0"}}
                                {"body":"text"}
                                {"index":{"_id":"1"}}
                                {"title":"no body"}
                                {"index":{"_id":"2"}}
                                {"body":"more text"}
                                """)
                        .ok()
                        .body();
        assertTrue(answer.get("errors").asBoolean());
        assertEquals(201, answer.at("/items/0/index/status").asInt());
        assertEquals(400, answer.at("/items/1/index/status").asInt(), answer.toString());
        assertEquals(201, answer.at("/items/2/index/status").asInt());
        assertTrue(answer.at("/items/1/index/error/reason").asText().contains("[body]"));

        Articles.pipeline(client, "lenient", ", \"ignore_missing\": true");
        client.put("embed-alone/_doc/1?pipeline=lenient", "{\"title\": \"no body\"}").ok();
        JsonNode kept = client.get("embed-alone/_doc/1").ok().body().get("_source");
        assertFalse(kept.has("vector"));
    }

    @Test
    void aBulkOfManyDocumentsSharesBatches() throws Exception {
        JsonNode before = ingest();
        Articles.pipeline(client, "embed", "");
        client.put("embed-many", "{\"settings\": {\"default_pipeline\": \"embed\"}}").ok();
        Articles.bulk(client, "embed-many", Collections.nCopies(200, "some few words"));
        JsonNode after = ingest();
        long texts = after.get("texts").asLong() - before.get("texts").asLong();
        long batches = after.get("batches").asLong() - before.get("batches").asLong();
        assertEquals(200, texts);
        assertTrue(batches <= 100, "200 texts in " + batches + " batches");
    }

    private JsonNode ingest() throws IOException {
        return client.get("_qwen3/stats").ok().body().findValue("ingest");
    }

    private float[] vector(String index, int id, String field) throws IOException {
        JsonNode stored =
                client.get(index + "/_doc/" + id + "?_source_exclude_vectors=false")
                        .ok()
                        .body()
                        .get("_source")
                        .get(field);
        float[] vector = new float[stored.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = stored.get(i).floatValue();
        }
        return vector;
    }
}
