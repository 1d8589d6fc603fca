package io.github.qwen3retrieval.rescore;

import java.io.IOException;
import java.util.List;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.query.MatchAllQueryBuilder;
import org.elasticsearch.index.query.MatchNoneQueryBuilder;
import org.elasticsearch.plugins.SearchPlugin;
import org.elasticsearch.search.SearchModule;
import org.elasticsearch.search.retriever.RetrieverBuilder;
import org.elasticsearch.search.retriever.RetrieverParserContext;
import org.elasticsearch.search.retriever.StandardRetrieverBuilder;
import org.elasticsearch.test.AbstractXContentTestCase;
import org.elasticsearch.usage.SearchUsage;
import org.elasticsearch.xcontent.NamedXContentRegistry;
import org.elasticsearch.xcontent.XContentParser;

/** The retriever's request as JSON. */
public class RerankRetrieverBuilderTests extends AbstractXContentTestCase<RerankRetrieverBuilder> {

    @Override
    protected RerankRetrieverBuilder createTestInstance() {
        List<RetrieverBuilder> children =
                randomList(1, 3, () -> new StandardRetrieverBuilder(new MatchAllQueryBuilder()));
        var built =
                new RerankRetrieverBuilder(
                        children,
                        between(1, 100),
                        RerankRescorerBuilderTests.randomParams(),
                        randomBoolean() ? null : randomFloat(),
                        RerankRescorerBuilderTests.SERVICES);
        if (randomBoolean()) {
            built.getPreFilterQueryBuilders().add(new MatchNoneQueryBuilder());
        }
        return built;
    }

    @Override
    protected RerankRetrieverBuilder doParseInstance(XContentParser parser) throws IOException {
        return (RerankRetrieverBuilder)
                RetrieverBuilder.parseTopLevelRetrieverBuilder(
                        parser, new RetrieverParserContext(new SearchUsage(), feature -> true));
    }

    @Override
    protected boolean supportsUnknownFields() {
        return false;
    }

    @Override
    protected NamedXContentRegistry xContentRegistry() {
        SearchPlugin plugin =
                new SearchPlugin() {
                    @Override
                    public List<RetrieverSpec<?>> getRetrievers() {
                        return List.of(RerankSearch.retriever(RerankRescorerBuilderTests.SERVICES));
                    }
                };
        return new NamedXContentRegistry(
                new SearchModule(Settings.EMPTY, List.of(plugin)).getNamedXContents());
    }
}
