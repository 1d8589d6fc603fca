// What each column asks Elasticsearch's search API.

/** How many hits go from one stage to the next. */
export const WINDOW = 50;

export const STAGES = [
  { id: "bm25", title: "BM25", note: "words in common" },
  { id: "knn", title: "kNN", note: "nearest vectors" },
  { id: "rerank", title: "kNN + rerank", note: `the ${WINDOW} nearest, read one by one` },
];

/** The body of a search; `models` names the embedding model and the reranker. */
export function request(stage, query, models) {
  if (stage === "bm25") {
    return { size: WINDOW, query: { match: { text: query } } };
  }
  const body = {
    size: WINDOW,
    knn: {
      field: "text_vector",
      k: WINDOW,
      num_candidates: 4 * WINDOW,
      query_vector_builder: { qwen3_embedding: { model_text: query, model_id: models.embedding } },
    },
  };
  if (stage === "rerank") {
    body.rescore = {
      window_size: WINDOW,
      qwen3_reranker: { field: "text", query_text: query, model_id: models.reranker },
    };
  }
  return body;
}

/** The same search for the explanation of one of its hits. */
export function explaining(body, id) {
  return { ...body, size: 1, explain: true, post_filter: { ids: { values: [id] } } };
}

/** The command that sends a body; a quote in it is written so that a shell reads it. */
export function curl(node, index, body) {
  const json = JSON.stringify(body, null, 2).replaceAll("'", "\\u0027");
  return `curl -s '${node}/${index}/_search?pretty' -H 'Content-Type: application/json' -d '${json}'`;
}
