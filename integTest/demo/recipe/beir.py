"""Labelled collections in BEIR layout, and nDCG@10 on them."""

import json
from dataclasses import dataclass

import numpy as np

import place


@dataclass(frozen=True)
class Collection:
    """Documents, queries and which documents are right for which query (by position)."""

    name: str
    documents: list[str]
    queries: list[str]
    relevant: list[dict[int, float]]

    def ndcg(self, scores: np.ndarray, depth: int = 10) -> float:
        """Mean nDCG of a matrix [queries, documents]; ties go to the earlier document."""
        ranking = np.argsort(-scores, axis=1, kind="stable")[:, :depth]
        return float(np.mean([self._one(q, row) for q, row in enumerate(ranking)]))

    def some(self, queries: slice) -> "Collection":
        """The same documents with some of the queries."""
        return Collection(self.name, self.documents, self.queries[queries], self.relevant[queries])

    def _one(self, query: int, ranking: np.ndarray) -> float:
        discount = 1 / np.log2(np.arange(2, 2 + len(ranking)))
        gains = [self.relevant[query].get(int(d), 0.0) for d in ranking]
        ideal = sorted(self.relevant[query].values(), reverse=True)[: len(ranking)]
        return float(np.dot(gains, discount) / np.dot(ideal, discount[: len(ideal)]))


def load(name: str) -> Collection:
    """Reads a collection; queries without a right document are left out, as BEIR does."""
    folder = place.DATA / name
    documents = _lines(folder / "corpus.jsonl")
    position = {d["_id"]: i for i, d in enumerate(documents)}
    relevant: dict[str, dict[int, float]] = {}
    for line in (folder / "qrels.tsv").read_text().splitlines()[1:]:
        query, document, score = line.split("\t")
        if float(score) > 0:
            relevant.setdefault(query, {})[position[document]] = float(score)
    queries = [q for q in _lines(folder / "queries.jsonl") if q["_id"] in relevant]
    return Collection(
        name,
        [(d.get("title", "") + " " + d["text"]).strip() for d in documents],
        [q["text"] for q in queries],
        [relevant[q["_id"]] for q in queries],
    )


def _lines(file) -> list[dict]:
    return [json.loads(line) for line in file.read_text().splitlines()]
