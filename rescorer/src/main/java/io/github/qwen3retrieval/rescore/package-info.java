/**
 * Query and hits in, reranked hits out: what lets searches use a {@link
 * io.github.qwen3retrieval.models.Reranker}. {@link io.github.qwen3retrieval.rescore.RerankSearch}
 * lists what a plugin registers.
 *
 * <p><b>Rescorer</b>, on every shard. {@code RerankRescorerBuilder} is the request, {@code
 * RerankContext} one run of it on one shard, {@code RerankRescorer} the work: {@code HitTexts}
 * reads the window's texts, {@code PendingRerank} hands them over, {@code RerankWait} keeps the
 * search thread until they are scored, time is up or the search is cancelled, {@code RerankOutcome}
 * decides what a missing score means, {@code WindowScores} turns all of it into one order.
 *
 * <p><b>Retriever</b>, one window of the whole index. {@code RerankRetrieverBuilder} has {@code
 * CandidatesRetrieverBuilder} bring together the candidates of its children; a search for just
 * these then carries {@code RerankRankBuilder}: {@code TextFetchPhase} reads the texts on the
 * shards, by the same {@code HitTexts}, and {@code GlobalRerank} has them scored on the
 * coordinating node, where no thread waits.
 *
 * <p>Both ask for the reranker anew in every search: they are registered before it exists. Texts of
 * the rescorer are charged to the request breaker while the model works on them.
 *
 * <p>What looks odd and is meant:
 *
 * <ul>
 *   <li>Hits that were not reranked have scores below 2^-95. Elasticsearch merges shards by score
 *       alone, and two kinds of scores must not mix.
 *   <li>Hits beyond a shard's window are kept below the reranked ones, not dropped: the top_hits
 *       aggregation runs the rescorers of the search too, and collapse counts its hits.
 *   <li>A search with this rescorer is never served from the request cache: an answer that a
 *       timeout cut short must not be given again.
 *   <li>One retriever still becomes two searches. The first fixes the order of the candidates,
 *       which Elasticsearch would otherwise lose before their texts arrive, and which a deadline
 *       needs.
 * </ul>
 */
package io.github.qwen3retrieval.rescore;
