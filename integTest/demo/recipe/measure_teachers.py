"""nDCG@10 of the teachers and of BM25 on the labelled collections, or on those that are named."""

import json
import sys
import time

import beir
import place
from bm25 import Bm25
from teachers import SOURCES, Teacher

COLLECTIONS = ["cranfield", "cosqa-dev", "xquad-en"]


def main() -> None:
    figures: dict[str, dict[str, float]] = {}
    collections = [beir.load(name) for name in sys.argv[1:] or COLLECTIONS]
    for c in collections:
        figures.setdefault("bm25", {})[c.name] = c.ndcg(Bm25(c.documents).scores(c.queries))
    print(figures, flush=True)
    for name in SOURCES:
        teacher = Teacher(name)
        for c in collections:
            began = time.time()
            documents = teacher.encode(c.documents)
            score = c.ndcg(teacher.queries(c.queries) @ documents.T)
            figures.setdefault(name, {})[c.name] = score
            print(f"{name} {c.name} {score:.4f} ({time.time() - began:.0f} s)", flush=True)
    (place.WORK / "teachers.json").write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
