package io.github.qwen3retrieval.rescore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.search.Explanation;
import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.action.admin.indices.refresh.RefreshRequest;
import org.elasticsearch.action.search.SearchRequest;
import org.elasticsearch.action.search.SearchResponse;
import org.elasticsearch.action.support.WriteRequest;
import org.elasticsearch.cluster.metadata.IndexMetadata;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.plugins.PluginsService;
import org.elasticsearch.search.builder.SearchSourceBuilder;
import org.elasticsearch.test.ESSingleNodeTestCase;
import org.elasticsearch.threadpool.ThreadPool;
import org.elasticsearch.xcontent.XContentType;
import org.junit.Before;

/** A node with the rescorer, an index of colour words, and searches given as JSON. */
public abstract class RerankSearchTestCase extends ESSingleNodeTestCase {

    /** A hit as a test looks at it. */
    record Hit(String id, float score, Explanation explanation) {}

    /** What a search said. */
    record Answer(
            List<Hit> hits, List<String> warnings, boolean timedOut, int failedShards, long total) {
        List<String> ids() {
            return hits.stream().map(Hit::id).toList();
        }
    }

    TestRerankPlugin plugin;

    @Override
    protected Collection<Class<? extends Plugin>> getPlugins() {
        return List.of(TestRerankPlugin.class);
    }

    @Before
    public void resetPlugin() {
        plugin =
                getInstanceFromNode(PluginsService.class)
                        .filterPlugins(TestRerankPlugin.class)
                        .findFirst()
                        .orElseThrow();
        plugin.reset();
    }

    void index(String name, int shards, String mapping) {
        assertAcked(
                indicesAdmin()
                        .prepareCreate(name)
                        .setSettings(
                                Settings.builder()
                                        .put(IndexMetadata.SETTING_NUMBER_OF_SHARDS, shards)
                                        .put(IndexMetadata.SETTING_NUMBER_OF_REPLICAS, 0))
                        .setMapping(mapping)
                        .get());
    }

    private static void assertAcked(
            org.elasticsearch.action.support.master.AcknowledgedResponse response) {
        assertTrue(response.isAcknowledged());
    }

    void put(String index, String id, String json) {
        prepareIndex(index)
                .setId(id)
                .setSource(json, XContentType.JSON)
                .setRefreshPolicy(
                        rarely()
                                ? WriteRequest.RefreshPolicy.IMMEDIATE
                                : WriteRequest.RefreshPolicy.NONE)
                .get();
    }

    void refresh(String index) {
        client().admin().indices().refresh(new RefreshRequest(index)).actionGet();
    }

    /** Single quotes stand for double ones. */
    SearchRequest request(String index, String json) throws IOException {
        try (var parser = createParser(XContentType.JSON.xContent(), json.replace('\'', '"'))) {
            SearchSourceBuilder source =
                    new SearchSourceBuilder().parseXContent(parser, true, feature -> true);
            return new SearchRequest(index).source(source);
        }
    }

    Answer search(String index, String json) throws IOException {
        return search(request(index, json));
    }

    Answer search(SearchRequest request) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        var threads = getInstanceFromNode(ThreadPool.class).getThreadContext();
        client().search(
                        request,
                        ActionListener.wrap(
                                response ->
                                        answer.complete(
                                                answer(
                                                        response,
                                                        threads.getResponseHeaders()
                                                                .getOrDefault(
                                                                        "Warning", List.of()))),
                                answer::completeExceptionally));
        try {
            return answer.get(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw ExceptionsHelper.convertToRuntime((Exception) e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Answer answer(SearchResponse response, List<String> warnings) {
        List<Hit> hits = new ArrayList<>();
        Arrays.stream(response.getHits().getHits())
                .map(hit -> new Hit(hit.getId(), hit.getScore(), hit.getExplanation()))
                .forEach(hits::add);
        var total = response.getHits().getTotalHits();
        return new Answer(
                hits,
                List.copyOf(warnings),
                response.isTimedOut(),
                response.getFailedShards(),
                total == null ? -1 : total.value());
    }
}
