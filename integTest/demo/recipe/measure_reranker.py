"""nDCG@10 of an embedder's first 50 documents, reordered by the reranker.

`measure_reranker.py FOLDER choose` takes the queries at even places of each collection, by which a variant
may be chosen; without `choose` those at odd places, for the figures: 100 of them at most, as it takes long.
Documents are cut as the node cuts them, to what config.json allows.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch

import beir
import measure_embedder
import place
import prompts
from network import load
from rerank_network import log_odds

WINDOW = 50
QUERIES = 100


def main() -> None:
    torch.set_num_threads(place.THREADS)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else place.MODELS / "demo-reranker"
    first = 0 if sys.argv[2:] == ["choose"] else 1
    embedder = load(place.MODELS / "demo-embedding")
    limit = json.loads((folder / "config.json").read_text())["max_position_embeddings"]
    print(json.dumps(figures(embedder, load(folder), first, limit), indent=1))


def figures(embedder, reranker, first: int, limit: int, names=measure_embedder.COLLECTIONS) -> dict:
    """nDCG@10 of kNN and of kNN with its first 50 reranked, for every other query from `first`."""
    tokens = prompts.tokenizer(place.MODELS / "demo-embedding")
    out = {}
    for name in names:
        c = beir.load(name)
        c = c.some(slice(first, first + 2 * QUERIES, 2))
        d = measure_embedder.embed(embedder, prompts.encode(tokens, c.documents, 512))
        asked = [prompts.query_text(q) for q in c.queries]
        q = measure_embedder.embed(embedder, prompts.encode(tokens, asked, 512))
        scores = measure_embedder.cosines(q, d, 384)
        out[name] = {
            "knn": round(c.ndcg(scores), 4),
            "rerank": round(c.ndcg(rerank(reranker, c, scores, limit)), 4),
        }
    return out


@torch.no_grad()
def rerank(network, c: beir.Collection, scores: np.ndarray, limit: int) -> np.ndarray:
    """Scores of which the best of each query are the reranker's, above all others; prompts of `limit` tokens."""
    tokens = prompts.tokenizer(place.MODELS / "demo-reranker")
    yes, no = tokens.token_to_id("yes"), tokens.token_to_id("no")
    prefix = tokens.encode(prompts.PREFIX).ids
    suffix = tokens.encode(prompts.SUFFIX).ids
    encoded = tokens.encode_batch([" " + d for d in c.documents])
    out = scores - 1e6
    for row, query in enumerate(c.queries):
        head = prompts.pad([prefix + tokens.encode(prompts.body_text(query)).ids])
        best = np.argsort(-scores[row], kind="stable")[:WINDOW]
        room = limit - int(head.last[0]) - 1 - len(suffix)
        tails = [encoded[i].ids[:room] + suffix for i in best]
        for part, batch in prompts.batches(tails, 6144):
            out[row, best[part]] = log_odds(network, head, batch, yes, no).numpy()
    return out


if __name__ == "__main__":
    main()
