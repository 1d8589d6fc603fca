package io.github.qwen3retrieval.rescore;

import java.util.Arrays;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.action.ActionRequest;
import org.elasticsearch.action.ActionResponse;
import org.elasticsearch.action.search.SearchRequest;
import org.elasticsearch.action.search.SearchResponse;
import org.elasticsearch.action.support.ActionFilter;
import org.elasticsearch.action.support.ActionFilterChain;
import org.elasticsearch.search.builder.SearchSourceBuilder;
import org.elasticsearch.tasks.Task;

/**
 * Says in the response of a search that hits in it were not reranked. Each shard warns with the
 * reason, but Elasticsearch passes on the warnings of the shard that answered last alone. What
 * holds for the hits of all shards can be seen in their scores ({@link WindowScores}).
 */
final class KeptHitsWarning implements ActionFilter {

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
        chain.proceed(
                task,
                action,
                request,
                mayRerank == false
                        ? listener
                        : listener.delegateFailure(
                                (next, response) -> {
                                    if (response instanceof SearchResponse answer) {
                                        warn(answer);
                                    }
                                    next.onResponse(response);
                                }));
    }

    private static boolean mayRerank(SearchSourceBuilder source) {
        return source != null
                && (source.retriever() != null
                        || (source.rescores() != null
                                && source.rescores().stream()
                                        .anyMatch(RerankRescorerBuilder.class::isInstance)));
    }

    private static void warn(SearchResponse response) {
        var hits = response.getHits().getHits();
        long kept = Arrays.stream(hits).filter(h -> WindowScores.isKept(h.getScore())).count();
        if (kept > 0) {
            RerankWarnings.keptInResponse(kept, hits.length);
        }
    }
}
