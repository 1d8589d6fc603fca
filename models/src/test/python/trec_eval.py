"""Writes what NIST's trec_eval says of rankings with ties, grades, gaps: see README.md beside this file.

usage: python trec_eval.py TREC_EVAL, a binary of version 9.0.4 or later
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile

SEED = 20250605
QUERIES = 60
TARGET = "resources/io/github/qwen3retrieval/models/evaluate/trec-eval.json"


def case(rng, number):
    """A query with its judgements and hits; scores are few, so that ties are many."""
    ids = [f"d{i}" for i in range(200)] + ["É", "e", "E", "d-1", "d_1", "文"]
    rng.shuffle(ids)
    judged = {i: rng.choice([-1, 0, 0, 1, 1, 2, 3]) for i in ids[: rng.choice([1, 2, 5, 40, 150])]}
    if number % 10 == 0:
        judged = {i: 0 for i in judged}  # nothing is relevant
    found = rng.sample(ids, rng.choice([1, 3, 9, 10, 11, 100, 130]))
    found += [i for i in judged if i not in found and rng.random() < 0.5]
    scores = [rng.choice([0.5, 0.25, 0.125, 0.75, 1.5, -2.0, 1e-29]) for _ in found]
    return {"id": f"q{number}", "judged": judged, "hits": [[i, s] for i, s in zip(found, scores)]}


def run(binary, folder, *arguments):
    command = [binary, "-q", *arguments, str(folder / "qrels"), str(folder / "run")]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    values = {}
    for line in out.splitlines():
        _, query, value = line.split()
        values[query] = float(value)
    return values


def main():
    rng = random.Random(SEED)
    cases = [case(rng, number) for number in range(QUERIES)]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "qrels").write_text(
            "".join(f"{c['id']} 0 {d} {g}\n" for c in cases for d, g in c["judged"].items())
        )
        (folder / "run").write_text(
            "".join(f"{c['id']} Q0 {d} 1 {s!r} run\n" for c in cases for d, s in c["hits"])
        )
        measures = {
            "ndcg10": run(sys.argv[1], folder, "-m", "ndcg_cut.10"),
            "mrr10": run(sys.argv[1], folder, "-M", "10", "-m", "recip_rank"),
            "recall100": run(sys.argv[1], folder, "-m", "recall.100"),
        }
    for c in cases:
        for measure, values in measures.items():
            c[measure] = values[c["id"]]
    golden = {
        "seed": SEED,
        "cases": cases,
        "mean": {measure: values["all"] for measure, values in measures.items()},
    }
    target = pathlib.Path(__file__).parent.parent / TARGET
    target.write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(golden["mean"])


if __name__ == "__main__":
    main()
