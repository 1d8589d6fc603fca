"""nDCG@10 of an embedder on the labelled collections, at full, half and quarter dimensions."""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F

import beir
import place
import prompts
from network import load

COLLECTIONS = ["cranfield", "cosqa-dev", "xquad-en"]
MAX_LENGTH = 512


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else place.MODELS / "demo-embedding"
    print(json.dumps(figures(load(folder)), indent=1))


def figures(network, names=COLLECTIONS) -> dict:
    """nDCG@10 by collection and dimensions."""
    tokens = prompts.tokenizer(place.MODELS / "demo-embedding")
    out = {}
    for name in names:
        c = beir.load(name)
        documents = embed(network, prompts.encode(tokens, c.documents, MAX_LENGTH))
        queries = [prompts.query_text(q) for q in c.queries]
        queries = embed(network, prompts.encode(tokens, queries, MAX_LENGTH))
        out[name] = {d: round(c.ndcg(cosines(queries, documents, d)), 4) for d in (384, 192, 96)}
    return out


@torch.no_grad()
def embed(network, lines: list[list[int]]) -> torch.Tensor:
    """States [texts, hidden], not yet cut or normalised."""
    out = torch.zeros(len(lines), network.shape.hidden_size)
    for rows, batch in prompts.batches(lines, 8192):
        out[rows] = network(batch.ids, batch.last)
    return out


def cosines(queries, documents, dimensions: int):
    """Cosines of vectors that are cut first."""
    cut = [F.normalize(t[:, :dimensions], dim=1) for t in (queries, documents)]
    return (cut[0] @ cut[1].T).numpy()


if __name__ == "__main__":
    torch.set_num_threads(place.THREADS)
    main()
