import ElasticsearchAPIConnector from "@elastic/search-ui-elasticsearch-connector";

/** Hits that the reranker reads; all pages are cut from these. */
const WINDOW = 50;

/** Connects Search UI with an index; `models` names the embedding model and the reranker. */
export function connector(host, index, models) {
  return new ElasticsearchAPIConnector({
    host,
    index,
    interceptSearchRequest: async ({ requestBody, requestState }, next) => {
      const answer = await next(semantic(requestBody, requestState.searchTerm, models));
      if (answer.error) {
        throw new Error(answer.error.root_cause?.[0]?.reason ?? answer.error.reason);
      }
      return answer;
    },
  });
}

/** What Search UI asks for, but by meaning: the nearest vectors, read one by one by the reranker. */
function semantic(requestBody, text, models) {
  if (!text) {
    return requestBody;
  }
  const { query, sort, ...others } = requestBody;
  return {
    ...others,
    knn: {
      field: "text_vector",
      k: WINDOW,
      num_candidates: 4 * WINDOW,
      filter: query?.bool?.filter,
      query_vector_builder: { qwen3_embedding: { model_text: text, model_id: models.embedding } },
    },
    rescore: {
      window_size: WINDOW,
      qwen3_reranker: { field: "text", query_text: text, model_id: models.reranker },
    },
  };
}
