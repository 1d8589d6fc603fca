package io.github.qwen3retrieval.rescore;

import io.github.qwen3retrieval.models.fuzz.FuzzRun;
import java.util.List;
import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.common.Strings;
import org.elasticsearch.common.io.stream.BytesStreamOutput;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.plugins.SearchPlugin;
import org.elasticsearch.search.SearchModule;
import org.elasticsearch.search.rescore.RescorerBuilder;
import org.elasticsearch.search.retriever.RetrieverBuilder;
import org.elasticsearch.search.retriever.RetrieverParserContext;
import org.elasticsearch.test.ESTestCase;
import org.elasticsearch.usage.SearchUsage;
import org.elasticsearch.xcontent.NamedXContentRegistry;
import org.elasticsearch.xcontent.XContentParser;
import org.elasticsearch.xcontent.XContentParserConfiguration;
import org.elasticsearch.xcontent.json.JsonXContent;

/** Wrong requests in numbers: each is read for what it says, or refused as the user's mistake. */
public class RerankFuzzTests extends ESTestCase {

    private static final RerankServices SERVICES = RerankRescorerBuilderTests.SERVICES;

    private static final List<String> NAMES =
            List.of(
                    "field",
                    "query_text",
                    "model_id",
                    "instruction",
                    "max_length",
                    "timeout",
                    "on_failure",
                    "window_size",
                    "qwen3_reranker",
                    "retriever",
                    "retrievers",
                    "rank_window_size",
                    "min_score",
                    "filter",
                    "_name",
                    "standard",
                    "query",
                    "match_all",
                    "unknown");

    private static final XContentParserConfiguration PARSERS =
            XContentParserConfiguration.EMPTY.withRegistry(
                    new NamedXContentRegistry(
                            new SearchModule(
                                            Settings.EMPTY,
                                            List.of(
                                                    new SearchPlugin() {
                                                        @Override
                                                        public List<RescorerSpec<?>>
                                                                getRescorers() {
                                                            return List.of(
                                                                    RerankSearch.rescorer(
                                                                            SERVICES));
                                                        }

                                                        @Override
                                                        public List<RetrieverSpec<?>>
                                                                getRetrievers() {
                                                            return List.of(
                                                                    RerankSearch.retriever(
                                                                            SERVICES));
                                                        }
                                                    }))
                                    .getNamedXContents()));

    private static void fuzz(List<String> samples, FuzzRun.Reader reader) {
        FuzzRun.over(samples, NAMES, e -> ExceptionsHelper.status(e).getStatus() == 400, reader);
    }

    public void testRescorers() {
        fuzz(
                List.of(
                        """
                        {"field": "body", "query_text": "ice", "model_id": "m",
                         "instruction": "Judge it", "max_length": 512, "timeout": "800ms",
                         "on_failure": "keep_order"}
                        """,
                        """
                        {"field": ["title", "body"], "query_text": "ice"}
                        """),
                json -> {
                    RescorerBuilder<?> rescorer =
                            rescorer("{\"window_size\":5,\"qwen3_reranker\":" + json + "}");
                    assertEquals(rescorer, rescorer(Strings.toString(rescorer)));
                    if (rescorer instanceof RerankRescorerBuilder ours) {
                        assertEquals(ours, overTheWire(ours));
                    }
                });
    }

    private static RescorerBuilder<?> rescorer(String json) throws Exception {
        try (XContentParser parser = JsonXContent.jsonXContent.createParser(PARSERS, json)) {
            parser.nextToken();
            return RescorerBuilder.parseFromXContent(parser, name -> {});
        }
    }

    private static RerankRescorerBuilder overTheWire(RerankRescorerBuilder rescorer)
            throws Exception {
        try (BytesStreamOutput out = new BytesStreamOutput()) {
            rescorer.writeTo(out);
            return new RerankRescorerBuilder(out.bytes().streamInput(), SERVICES);
        }
    }

    public void testRetrievers() {
        fuzz(
                List.of(
                        """
                        {"retriever": {"standard": {"query": {"match_all": {}}}},
                         "field": "body", "query_text": "ice", "model_id": "m",
                         "instruction": "Judge it", "max_length": 512, "timeout": "800ms",
                         "on_failure": "fail", "rank_window_size": 20, "min_score": 0.5,
                         "filter": {"term": {"a": "b"}}, "_name": "n"}
                        """,
                        """
                        {"retrievers": [{"standard": {}},
                           {"knn": {"field": "v", "query_vector": [1, 2], "k": 2,
                                    "num_candidates": 5}}],
                         "field": ["title", "body"], "query_text": "ice"}
                        """),
                json -> {
                    RetrieverBuilder retriever = retriever("{\"qwen3_reranker\":" + json + "}");
                    // as JSON: a child's infinite number comes back as a string
                    String written = Strings.toString(retriever);
                    assertEquals(written, Strings.toString(retriever(written)));
                });
    }

    private static RetrieverBuilder retriever(String json) throws Exception {
        try (XContentParser parser = JsonXContent.jsonXContent.createParser(PARSERS, json)) {
            return RetrieverBuilder.parseTopLevelRetrieverBuilder(
                    parser, new RetrieverParserContext(new SearchUsage(), feature -> true));
        }
    }
}
