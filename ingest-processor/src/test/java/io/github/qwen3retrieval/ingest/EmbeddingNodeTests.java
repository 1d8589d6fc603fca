package io.github.qwen3retrieval.ingest;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.action.bulk.BulkItemResponse;
import org.elasticsearch.action.bulk.BulkRequestBuilder;
import org.elasticsearch.action.bulk.BulkResponse;
import org.elasticsearch.action.ingest.PutPipelineRequest;
import org.elasticsearch.action.ingest.PutPipelineTransportAction;
import org.elasticsearch.action.ingest.SimulateDocumentBaseResult;
import org.elasticsearch.action.ingest.SimulateDocumentVerboseResult;
import org.elasticsearch.action.ingest.SimulatePipelineAction;
import org.elasticsearch.action.ingest.SimulatePipelineRequest;
import org.elasticsearch.action.search.SearchRequest;
import org.elasticsearch.action.support.WriteRequest.RefreshPolicy;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.ingest.IngestPipelineTestUtils;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.plugins.PluginsService;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.script.MockScriptPlugin;
import org.elasticsearch.search.SearchHit;
import org.elasticsearch.search.builder.SearchSourceBuilder;
import org.elasticsearch.test.ESSingleNodeTestCase;
import org.elasticsearch.xcontent.XContentParser;
import org.elasticsearch.xcontent.json.JsonXContent;
import org.junit.Before;

/** Processor and builder in a node: from {@code _bulk} to {@code dense_vector} to {@code knn}. */
public class EmbeddingNodeTests extends ESSingleNodeTestCase {

    private static final String BUILDER =
            "'query_vector_builder': {'qwen3_embedding': {'model_text': '%s', 'dimensions': 32}}";

    /** The condition of a processor, without a script language. */
    public static final class Conditions extends MockScriptPlugin {
        @Override
        protected Map<String, Function<Map<String, Object>, Object>> pluginScripts() {
            return Map.of("has body", ctx -> ctx.containsKey("body"));
        }
    }

    @Override
    protected Collection<Class<? extends Plugin>> getPlugins() {
        return List.of(EmbeddingPlugin.class, Conditions.class);
    }

    private EmbeddingPlugin plugin() {
        return getInstanceFromNode(PluginsService.class)
                .filterPlugins(EmbeddingPlugin.class)
                .findFirst()
                .orElseThrow();
    }

    @Before
    public void createIndexWithVectors() {
        pipeline("embed", "'field': 'body', 'target_field': 'v', 'dimensions': 32");
        Settings settings =
                Settings.builder()
                        .put("index.number_of_shards", between(1, 3))
                        .put("index.default_pipeline", "embed")
                        .build();
        // exact: the default index type rounds to 8 bits, more or less so by what a segment holds
        String mapping =
                "{'properties': {'body': {'type': 'text'}, 'v': {'type': 'dense_vector',"
                        + " 'dims': 32, 'similarity': 'dot_product',"
                        + " 'index_options': {'type': 'flat'}}}}";
        createIndex(
                "texts",
                indicesAdmin()
                        .prepareCreate("texts")
                        .setSettings(settings)
                        .setMapping(json(mapping)));
        plugin().requests.clear();
    }

    private void pipeline(String id, String parameters) {
        putJsonPipeline(id, json("{'processors': [{'qwen3_embedding': {" + parameters + "}}]}"));
    }

    private static String json(String quotedOnce) {
        return quotedOnce.replace('\'', '"');
    }

    /** Sends documents {id: body} in one bulk. */
    private BulkResponse bulk(Map<String, Object> bodies) {
        BulkRequestBuilder bulk = client().prepareBulk().setRefreshPolicy(RefreshPolicy.IMMEDIATE);
        bodies.forEach(
                (id, body) -> {
                    Map<String, Object> source = new HashMap<>();
                    source.put("body", body);
                    bulk.add(client().prepareIndex("texts").setId(id).setSource(source));
                });
        return bulk.get();
    }

    private <T> T search(String body, Function<List<SearchHit>, T> read) throws Exception {
        SearchSourceBuilder source = new SearchSourceBuilder();
        try (XContentParser parser = createParser(JsonXContent.jsonXContent, json(body))) {
            source.parseXContent(parser, true, feature -> true);
        }
        var response = client().search(new SearchRequest("texts").source(source)).actionGet();
        try {
            return read.apply(Arrays.asList(response.getHits().getHits()));
        } finally {
            response.decRef();
        }
    }

    private String firstHit(String body) throws Exception {
        return search(
                body,
                hits -> {
                    assertEquals("score of the very text", 1f, hits.getFirst().getScore(), 1e-3f);
                    return hits.getFirst().getId();
                });
    }

    private List<String> ids(String query) throws Exception {
        return search(
                "{'size': 100, 'query': " + query + "}",
                hits -> hits.stream().map(SearchHit::getId).sorted().toList());
    }

    private List<String> indexed() throws Exception {
        return ids("{'match_all': {}}");
    }

    private List<String> withVector() throws Exception {
        return ids("{'exists': {'field': 'v'}}");
    }

    public void testAQueryFindsItsTextInAllThreeKindsOfKnn() throws Exception {
        Map<String, Object> bodies = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            bodies.put("d" + i, "text number " + i);
        }
        assertFalse(bulk(bodies).hasFailures());
        assertThat(plugin().requests, hasSize(40));
        String knn = "'field': 'v', 'k': 5, 'num_candidates': 50, " + BUILDER;
        for (String form :
                List.of(
                        "{'knn': {" + knn + "}}",
                        "{'query': {'knn': {" + knn + "}}}",
                        "{'retriever': {'knn': {" + knn + "}}}")) {
            int i = between(0, 39);
            String body = String.format(Locale.ROOT, form, "text number " + i);
            assertThat(body, firstHit(body), equalTo("d" + i));
        }
    }

    public void testStoresTheVectorOfTheJoinedValues() throws Exception {
        assertFalse(bulk(Map.of("d", List.of("one", "two"))).hasFailures());
        var response = client().prepareGet("texts", "d").get();
        assertThat(response.getSourceAsMap().get("body"), equalTo(List.of("one", "two")));
        String body = "{'knn': {'field': 'v', 'k': 1, 'num_candidates': 1, " + BUILDER + "}}";
        assertThat(firstHit(String.format(Locale.ROOT, body, "one\\ntwo")), equalTo("d"));
    }

    public void testEqualKnnQueriesOfASearchAreEmbeddedOnce() throws Exception {
        bulk(Map.of("d", "text"));
        plugin().requests.clear();
        String knn =
                String.format(
                        Locale.ROOT, "{'knn': {'field': 'v', 'k': 1, " + BUILDER + "}}", "text");
        List<String> ids =
                search(
                        "{'query': {'bool': {'should': [" + knn + "," + knn + "]}}}",
                        hits -> hits.stream().map(SearchHit::getId).toList());
        assertThat(ids, equalTo(List.of("d")));
        assertThat(plugin().requests, hasSize(1));
    }

    public void testAFailingDocumentLeavesTheOthersOfItsBulkAlone() throws Exception {
        Map<String, Object> bodies = new HashMap<>();
        bodies.put("good", "text");
        bodies.put("refused", "poison");
        bodies.put("rejected", "flood");
        bodies.put("number", 7);
        bodies.put("missing", null);
        bodies.put("fine", List.of("a", "b"));
        Map<String, BulkItemResponse> items = new HashMap<>();
        bulk(bodies).forEach(item -> items.put(item.getId(), item));
        assertThat(items.get("good").status(), equalTo(RestStatus.CREATED));
        assertThat(items.get("fine").status(), equalTo(RestStatus.CREATED));
        assertThat(items.get("refused").status(), equalTo(RestStatus.BAD_REQUEST));
        assertThat(
                items.get("refused").getFailureMessage(),
                containsString("[max_length] is too short"));
        assertThat(items.get("rejected").status(), equalTo(RestStatus.TOO_MANY_REQUESTS));
        assertThat(items.get("number").status(), equalTo(RestStatus.BAD_REQUEST));
        assertThat(
                items.get("number").getFailureMessage(),
                containsString("field [body] of type [java.lang.Integer] cannot be embedded"));
        assertThat(items.get("missing").status(), equalTo(RestStatus.BAD_REQUEST));
        assertThat(indexed(), equalTo(List.of("fine", "good")));
    }

    public void testADocumentWithoutTextIsIndexedWithoutAVector() throws Exception {
        pipeline(
                "embed",
                "'field': 'body', 'target_field': 'v', 'dimensions': 32, 'ignore_missing': true");
        Map<String, Object> bodies = new HashMap<>();
        bodies.put("null", null);
        bodies.put("blank", " ");
        bodies.put("empty", List.of());
        assertFalse(bulk(bodies).hasFailures());
        assertThat(indexed(), equalTo(List.of("blank", "empty", "null")));
        assertThat(withVector(), equalTo(List.of()));
    }

    private Map<String, Object> source(String id) {
        return client().prepareGet("texts", id).get().getSourceAsMap();
    }

    public void testOnFailureAndIf() throws Exception {
        pipeline(
                "embed",
                "'field': 'body', 'target_field': 'v', 'dimensions': 32,"
                        + " 'if': {'lang': 'mockscript', 'source': 'has body'},"
                        + " 'on_failure': [{'keep_message': {}}]");
        client().prepareIndex("texts")
                .setId("c")
                .setSource(Map.of("other", "x"))
                .setRefreshPolicy(RefreshPolicy.IMMEDIATE)
                .get();
        assertFalse(bulk(Map.of("a", "poison", "b", "text")).hasFailures());
        assertThat(
                source("a"),
                equalTo(Map.of("body", "poison", "message", "[max_length] is too short")));
        assertThat(source("c"), equalTo(Map.of("other", "x")));
        assertThat(indexed(), equalTo(List.of("a", "b", "c")));
        assertThat(withVector(), equalTo(List.of("b")));
    }

    public void testIgnoreFailure() throws Exception {
        pipeline(
                "embed",
                "'field': 'body', 'target_field': 'v', 'dimensions': 32, 'ignore_failure': true");
        assertFalse(bulk(Map.of("a", "flood", "b", "text", "c", 5)).hasFailures());
        assertThat(source("a"), equalTo(Map.of("body", "flood")));
        assertThat(indexed(), equalTo(List.of("a", "b", "c")));
        assertThat(withVector(), equalTo(List.of("b")));
    }

    public void testSimulateShowsTheVectorAndTheFailure() throws Exception {
        for (boolean verbose : new boolean[] {false, true}) {
            SimulatePipelineRequest request =
                    IngestPipelineTestUtils.jsonSimulatePipelineRequest(
                            json(
                                    "{'docs': [{'_source': {'body': 'text'}},"
                                            + " {'_source': {'body': 1}}]}"));
            request.setId("embed");
            request.setVerbose(verbose);
            var results = safeExecute(SimulatePipelineAction.INSTANCE, request).getResults();
            List<SimulateDocumentBaseResult> documents = new ArrayList<>();
            for (var result : results) {
                documents.add(
                        verbose
                                ? asBase((SimulateDocumentVerboseResult) result)
                                : (SimulateDocumentBaseResult) result);
            }
            List<?> vector =
                    documents.getFirst().getIngestDocument().getFieldValue("v", List.class);
            assertThat(vector, hasSize(32));
            assertThat(
                    ExceptionsHelper.stackTrace(documents.getLast().getFailure()),
                    containsString("field [body] of type [java.lang.Integer] cannot be embedded"));
        }
    }

    private static SimulateDocumentBaseResult asBase(SimulateDocumentVerboseResult verbose) {
        var processor = verbose.getProcessorResults().getFirst();
        return processor.getFailure() == null
                ? new SimulateDocumentBaseResult(processor.getIngestDocument())
                : new SimulateDocumentBaseResult(processor.getFailure());
    }

    public void testAPipelineThatCannotWorkIsRefused() {
        for (String parameters :
                List.of(
                        "'field': 'body'",
                        "'field': 'body', 'target_field': 'v', 'dimensions': 31",
                        "'field': 'body', 'target_field': 'v', 'modelid': 'm'")) {
            PutPipelineRequest request =
                    IngestPipelineTestUtils.putJsonPipelineRequest(
                            "wrong",
                            json("{'processors': [{'qwen3_embedding': {" + parameters + "}}]}"));
            var put = client().execute(PutPipelineTransportAction.TYPE, request);
            Exception e = expectThrows(Exception.class, put::actionGet);
            assertThat(ExceptionsHelper.status(e), equalTo(RestStatus.BAD_REQUEST));
        }
    }

    public void testASearchThatFailsSaysWhy() throws Exception {
        bulk(Map.of("d", "text"));
        for (String form :
                List.of(
                        "{'knn': {%s}}",
                        "{'query': {'knn': {%s}}}", "{'retriever': {'knn': {%s}}}")) {
            String knn = "'field': 'v', 'k': 1, 'num_candidates': 1, " + BUILDER;
            String body = form.replace("%s", knn);
            Exception refused =
                    expectThrows(Exception.class, () -> firstHit(body.replace("%s", "poison")));
            assertThat(ExceptionsHelper.status(refused), equalTo(RestStatus.BAD_REQUEST));
            assertThat(
                    ExceptionsHelper.stackTrace(refused),
                    containsString("[max_length] is too short"));
            Exception rejected =
                    expectThrows(Exception.class, () -> firstHit(body.replace("%s", "flood")));
            assertThat(ExceptionsHelper.status(rejected), equalTo(RestStatus.TOO_MANY_REQUESTS));
        }
        assertThat(search("{}", hits -> hits.size()), equalTo(1));
    }
}
