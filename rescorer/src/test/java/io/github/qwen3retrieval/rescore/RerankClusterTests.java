package io.github.qwen3retrieval.rescore;

import static org.elasticsearch.test.hamcrest.ElasticsearchAssertions.assertResponse;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.index.query.QueryBuilders;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.search.SearchHit;
import org.elasticsearch.search.builder.SearchSourceBuilder;
import org.elasticsearch.search.retriever.StandardRetrieverBuilder;
import org.elasticsearch.test.ESIntegTestCase;

/** Rescorer and retriever between the nodes of a cluster. */
@ESIntegTestCase.ClusterScope(numDataNodes = 2, supportsDedicatedMasters = false)
public class RerankClusterTests extends ESIntegTestCase {

    private static final RerankServices SERVICES =
            new RerankServices(WordOverlapReranker::new, RerankListener.NONE);

    @Override
    protected Collection<Class<? extends Plugin>> nodePlugins() {
        return List.of(TestRerankPlugin.class);
    }

    public void testScoresAreTheSameThroughEveryNode() {
        createIndex("index", indexSettings(4, 0).build());
        for (int i = 0; i < 20; i++) {
            prepareIndex("index").setSource("body", "red".repeat(i % 2) + " pear " + i).get();
        }
        refresh("index");
        var params =
                new RerankParams(
                        List.of("body"),
                        "red pear",
                        null,
                        null,
                        null,
                        TimeValue.timeValueMinutes(1),
                        OnFailure.FAIL);
        var query = QueryBuilders.matchQuery("body", "pear");
        var rescored =
                new SearchSourceBuilder()
                        .query(query)
                        .size(20)
                        .addRescorer(new RerankRescorerBuilder(params, SERVICES).windowSize(20));
        var retrieved =
                new SearchSourceBuilder()
                        .size(20)
                        .retriever(
                                new RerankRetrieverBuilder(
                                        List.of(new StandardRetrieverBuilder(query)),
                                        20,
                                        params,
                                        null,
                                        SERVICES));
        for (SearchSourceBuilder source : List.of(rescored, retrieved)) {
            assertResponse(
                    client().prepareSearch("index").setSource(source),
                    response -> {
                        assertEquals(0, response.getFailedShards());
                        Set<String> ids = new HashSet<>();
                        for (SearchHit hit : response.getHits()) {
                            String text = (String) hit.getSourceAsMap().get("body");
                            float exact = WordOverlapReranker.probability("red pear", text);
                            assertEquals(exact, hit.getScore(), 0f);
                            ids.add(hit.getId());
                        }
                        assertEquals(20, ids.size());
                    });
        }
    }
}
