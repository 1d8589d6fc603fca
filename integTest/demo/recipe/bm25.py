"""BM25 with Lucene's defaults (k1 1.2, b 0.75) over lower-cased words, for scale."""

import re
from collections import Counter

import numpy as np
from scipy import sparse

WORD = re.compile(r"[^\W_]+")


class Bm25:
    """An index of documents."""

    def __init__(self, documents: list[str]):
        counts = [Counter(words(d)) for d in documents]
        self.vocabulary: dict[str, int] = {}
        for count in counts:
            for word in count:
                self.vocabulary.setdefault(word, len(self.vocabulary))
        lengths = np.array([sum(c.values()) for c in counts], np.float32)
        norm = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
        rows = np.repeat(np.arange(len(counts)), [len(c) for c in counts])
        columns = np.array([self.vocabulary[w] for c in counts for w in c])
        tf = np.array([n for c in counts for n in c.values()], np.float32)
        df = np.bincount(columns, minlength=len(self.vocabulary))
        idf = np.log(1 + (len(counts) - df + 0.5) / (df + 0.5))
        weights = idf[columns] * tf / (tf + norm[rows])
        shape = (len(self.vocabulary), len(counts))
        self.weights = sparse.csr_matrix((weights.astype(np.float32), (columns, rows)), shape)

    def scores(self, queries: list[str]) -> np.ndarray:
        """A matrix [queries, documents]."""
        rows, columns = [], []
        for i, query in enumerate(queries):
            known = [self.vocabulary[w] for w in words(query) if w in self.vocabulary]
            rows += [i] * len(known)
            columns += known
        ones = np.ones(len(rows), np.float32)
        shape = (len(queries), len(self.vocabulary))
        return (sparse.csr_matrix((ones, (rows, columns)), shape) @ self.weights).toarray()


def words(text: str) -> list[str]:
    """The lower-cased words of a text."""
    return WORD.findall(text.lower())
