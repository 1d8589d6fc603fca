/**
 * What {@code qwen3 evaluate} measures: how well searches find what people judged to be relevant,
 * and what that costs.
 *
 * <p>In come a {@link io.github.qwen3retrieval.models.evaluate.LabelledQueries} and a {@link
 * io.github.qwen3retrieval.models.evaluate.Searcher}: a node over its search API, or two
 * checkpoints in this process. {@link io.github.qwen3retrieval.models.evaluate.Evaluation} asks it
 * every query in every {@link io.github.qwen3retrieval.models.evaluate.Row} of the table to be, one
 * after the other, and puts each answer into a {@link
 * io.github.qwen3retrieval.models.evaluate.RunFile} at once: an evaluation that is interrupted goes
 * on where it stood. Of the run files come the {@link
 * io.github.qwen3retrieval.models.evaluate.Report} and from that table, JSON and picture.
 *
 * <p>Meant, though it looks odd:
 *
 * <ul>
 *   <li>Hits are ranked by score and then by descending id, whatever their order in the answer. So
 *       does trec_eval, and only so do its figures equal ours.
 *   <li>BM25 is Elasticsearch's. Without a node there is none: a second implementation would
 *       measure itself.
 *   <li>BM25 ∪ kNN without reranking is fused here, by reciprocal rank. Elasticsearch's own
 *       retrievers {@code rrf} and {@code linear} want an Enterprise licence, and a sum of scores
 *       is no union: BM25's have no bound, a cosine's end at 1. With reranking the union is the
 *       plugin's retriever, which needs no licence.
 *   <li>Documents are embedded through {@code _ingest/pipeline/_simulate}: the processor runs once
 *       for each text, however many lengths of vector are indexed; shorter ones are cut here.
 * </ul>
 */
package io.github.qwen3retrieval.models.evaluate;
