// Searches, and what their answers say: errors as sentences, times by stage.

/** What a search could not do, in words for the user. */
export class SearchError extends Error {}

/** Sends a search and gives the answer, with `warnings`: what its headers warn of. */
export async function search(index, body, signal) {
  let response;
  let answer;
  try {
    response = await fetch(`/${index}/_search`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal,
    });
    answer = await response.json();
  } catch (error) {
    if (error.name === "AbortError") {
      throw error;
    }
    throw new SearchError("The demo does not answer. Start it again: ./demo");
  }
  if (!response.ok) {
    throw new SearchError(sentence(answer.error, response.status));
  }
  return { ...answer, warnings: warnings(response) };
}

function sentence(error, status) {
  if (error?.type === "index_not_found_exception") {
    return "This collection is not there yet: ./demo is ingesting the one before it, or was broken off.";
  }
  const cause = error?.root_cause?.[0]?.reason ?? error?.reason;
  return cause ? `${cause[0].toUpperCase()}${cause.slice(1)}` : `The search failed with status ${status}.`;
}

function warnings(response) {
  const header = response.headers.get("Warning") ?? "";
  return [...header.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => match[1].replaceAll(/\\(.)/g, "$1"));
}

/**
 * Milliseconds of each part of a search, from its profile. What the profile does not count is the model's: it runs outside
 * of the parts that Lucene sees. The query's vector was made for the second column and is remembered for the third.
 */
export function parts(stage, answer) {
  const shards = answer.profile?.shards ?? [];
  const millis = (nanos) => nanos.reduce((sum, each) => sum + (each ?? 0), 0) / 1e6;
  const tree = (queries) => queries.map((query) => query.time_in_nanos);
  const nearest = millis(
    shards.flatMap((shard) => shard.dfs?.knn ?? []).flatMap((knn) => [knn.rewrite_time, ...tree(knn.query)]),
  );
  const words = millis(
    shards.flatMap((shard) => shard.searches ?? []).flatMap((each) => [each.rewrite_time, ...tree(each.query)]),
  );
  const fetch = millis(shards.map((shard) => shard.fetch?.time_in_nanos));
  if (stage === "bm25") {
    return [
      { name: "match", millis: Math.max(answer.took - fetch, words) },
      { name: "fetch", millis: fetch },
    ];
  }
  const model = Math.max(answer.took - nearest - words - fetch, 0);
  return [
    { name: stage === "knn" ? "query vector" : "rerank", millis: model, model: true },
    { name: "nearest", millis: nearest + words },
    { name: "fetch", millis: fetch },
  ];
}
