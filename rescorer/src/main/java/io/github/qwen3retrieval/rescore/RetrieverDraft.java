package io.github.qwen3retrieval.rescore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.elasticsearch.common.ParsingException;
import org.elasticsearch.index.query.AbstractQueryBuilder;
import org.elasticsearch.index.query.QueryBuilder;
import org.elasticsearch.search.rank.RankBuilder;
import org.elasticsearch.search.retriever.RetrieverBuilder;
import org.elasticsearch.search.retriever.RetrieverParserContext;
import org.elasticsearch.xcontent.ObjectParser;
import org.elasticsearch.xcontent.ParseField;
import org.elasticsearch.xcontent.XContentParser;

/** Parameters of the retriever while they are being read from a request. */
final class RetrieverDraft extends RerankDraft {

    private static final List<String> FURTHER =
            List.of("retriever", "retrievers", "rank_window_size", "min_score", "filter", "_name");

    private static final ObjectParser<RetrieverDraft, RetrieverParserContext> PARSER =
            new ObjectParser<>(
                    RerankRetrieverBuilder.NAME,
                    (draft, parameter, value) -> {
                        throw unknown(RerankRetrieverBuilder.NAME, parameter, FURTHER);
                    },
                    RetrieverDraft::new);

    static {
        declareCommon(PARSER);
        PARSER.declareObject(
                (d, v) -> d.retriever = v,
                (parser, context) -> child(parser, context, RerankRetrieverBuilder.RETRIEVER),
                RerankRetrieverBuilder.RETRIEVER);
        PARSER.declareObjectArray(
                (d, v) -> d.retrievers = v,
                (parser, context) -> child(parser, context, RerankRetrieverBuilder.RETRIEVERS),
                RerankRetrieverBuilder.RETRIEVERS);
        declareWhole(
                PARSER,
                (d, v) -> d.window = v,
                RankBuilder.RANK_WINDOW_SIZE_FIELD.getPreferredName());
        PARSER.declareField(
                (p, d, c) -> d.minScore = probability(p),
                RetrieverBuilder.MIN_SCORE_FIELD,
                ObjectParser.ValueType.FLOAT);
        PARSER.declareObjectArray(
                (d, v) -> d.filters = v,
                (p, c) -> AbstractQueryBuilder.parseTopLevelQuery(p, c::trackQueryUsage),
                RetrieverBuilder.PRE_FILTER_FIELD);
        PARSER.declareString((d, v) -> d.name = v, new ParseField("_name"));
    }

    private RetrieverBuilder retriever;
    private List<RetrieverBuilder> retrievers;
    private int window = RankBuilder.DEFAULT_RANK_WINDOW_SIZE;
    private Float minScore;
    private List<QueryBuilder> filters = List.of();
    private String name;

    /** Reads the object behind {@code "qwen3_reranker":}. */
    static RerankRetrieverBuilder parse(
            XContentParser parser, RetrieverParserContext context, RerankServices services)
            throws IOException {
        return PARSER.parse(parser, context).retriever(services);
    }

    private RerankRetrieverBuilder retriever(RerankServices services) {
        if ((retriever == null) == (retrievers == null)) {
            throw new IllegalArgumentException(
                    "["
                            + RerankRetrieverBuilder.NAME
                            + "] needs [retriever] or [retrievers]"
                            + (retriever == null ? "" : ", not both"));
        }
        List<RetrieverBuilder> children = retriever == null ? retrievers : List.of(retriever);
        RerankRetrieverBuilder built =
                new RerankRetrieverBuilder(children, window, params(), minScore, services);
        built.getPreFilterQueryBuilders().addAll(new ArrayList<>(filters));
        built.retrieverName(name);
        return built;
    }

    private static float probability(XContentParser parser) throws IOException {
        try {
            return Float.parseFloat(parser.text());
        } catch (NumberFormatException e) {
            throw wrong(parser, "[min_score] must be between [0] and [1]");
        }
    }

    /** Elasticsearch's own reading of a named object goes astray where there is none, or two. */
    private static RetrieverBuilder child(
            XContentParser parser, RetrieverParserContext context, ParseField parameter)
            throws IOException {
        if (parser.nextToken() != XContentParser.Token.FIELD_NAME) {
            throw new ParsingException(
                    parser.getTokenLocation(),
                    "["
                            + parameter.getPreferredName()
                            + "] needs an object with the name of a retriever, got an empty one");
        }
        String name = parser.currentName();
        parser.nextToken();
        RetrieverBuilder child = parser.namedObject(RetrieverBuilder.class, name, context);
        context.trackRetrieverUsage(child);
        if (parser.nextToken() != XContentParser.Token.END_OBJECT) {
            throw new ParsingException(
                    parser.getTokenLocation(),
                    "["
                            + parameter.getPreferredName()
                            + "] needs an object of one retriever, got ["
                            + parser.currentName()
                            + "] beside ["
                            + name
                            + "]");
        }
        return child;
    }
}
