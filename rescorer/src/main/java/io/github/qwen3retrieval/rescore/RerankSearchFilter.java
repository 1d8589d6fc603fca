package io.github.qwen3retrieval.rescore;

import java.util.Arrays;
import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.action.ActionRequest;
import org.elasticsearch.action.ActionResponse;
import org.elasticsearch.action.search.SearchRequest;
import org.elasticsearch.action.search.SearchResponse;
import org.elasticsearch.action.search.ShardSearchFailure;
import org.elasticsearch.action.support.ActionFilter;
import org.elasticsearch.action.support.ActionFilterChain;
import org.elasticsearch.search.builder.SearchSourceBuilder;
import org.elasticsearch.tasks.Task;

/**
 * Says of a whole search what its shards cannot.
 *
 * <p>That hits in the response were not reranked: each shard warns with the reason, but
 * Elasticsearch passes on the warnings of the shard that answered last alone. What holds for the
 * hits of all shards can be seen in their scores ({@link WindowScores}).
 *
 * <p>That the request is wrong: a shard without hits has nothing to rerank and so finds no fault
 * with it, which would make the faults of the others a partial success.
 *
 * <p>Why the retriever failed: Elasticsearch says only that it did.
 */
final class RerankSearchFilter implements ActionFilter {

    /** After all others: security decides first. */
    @Override
    public int order() {
        return Integer.MAX_VALUE;
    }

    @Override
    public <Request extends ActionRequest, Response extends ActionResponse> void apply(
            Task task,
            String action,
            Request request,
            ActionListener<Response> listener,
            ActionFilterChain<Request, Response> chain) {
        boolean mayRerank = request instanceof SearchRequest search && mayRerank(search.source());
        ActionListener<Response> last =
                listener.delegateResponse((l, e) -> l.onFailure(RerankFailures.ofRetriever(e)));
        chain.proceed(
                task, action, request, mayRerank ? last.delegateFailure(this::pass) : listener);
    }

    private static boolean mayRerank(SearchSourceBuilder source) {
        return source != null
                && isPartOfRetriever(source) == false
                && (source.retriever() != null
                        || (source.rescores() != null
                                && source.rescores().stream()
                                        .anyMatch(RerankRescorerBuilder.class::isInstance)));
    }

    /** Retrievers search with neither totals nor ids; the whole search has its say later. */
    private static boolean isPartOfRetriever(SearchSourceBuilder source) {
        return source.pointInTimeBuilder() != null
                && source.storedFields() != null
                && source.storedFields().fetchFields() == false;
    }

    private <Response> void pass(ActionListener<Response> listener, Response response) {
        if (response instanceof SearchResponse answer) {
            Exception wrong = wrongRequest(answer);
            if (wrong != null) {
                listener.onFailure(wrong);
                return;
            }
            warn(answer);
        }
        listener.onResponse(response);
    }

    private static Exception wrongRequest(SearchResponse response) {
        for (ShardSearchFailure failure : response.getShardFailures()) {
            var found =
                    ExceptionsHelper.unwrapCausesAndSuppressed(
                            failure.getCause(), RerankFailures::isReportedWrongRequest);
            if (found.isPresent()) {
                return (Exception) found.get();
            }
        }
        return null;
    }

    private static void warn(SearchResponse response) {
        var hits = response.getHits().getHits();
        long kept = Arrays.stream(hits).filter(h -> WindowScores.isKept(h.getScore())).count();
        if (kept > 0) {
            RerankWarnings.keptInResponse(kept, hits.length);
        }
    }
}
