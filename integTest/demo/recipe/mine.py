"""Finds, for each training query, what the embedder finds: work/mined.npy [queries, 40]."""

import json

import numpy as np
import torch
import torch.nn.functional as F

import measure_embedder
import place
import prompts
from network import load

NEIGHBOURS = 40
LENGTH = 96


def main() -> None:
    torch.set_num_threads(place.THREADS)
    pairs = [json.loads(line) for line in open(place.WORK / "sample.jsonl")]
    network = load(place.WORK / "embedder")
    tokens = prompts.tokenizer(place.MODELS / "demo-embedding")
    texts = [p["document"] for p in pairs]
    documents = measure_embedder.embed(network, prompts.encode(tokens, texts, LENGTH))
    texts = [prompts.query_text(p["query"]) for p in pairs]
    queries = measure_embedder.embed(network, prompts.encode(tokens, texts, LENGTH))
    documents, queries = F.normalize(documents, dim=1), F.normalize(queries, dim=1)
    found = np.zeros((len(pairs), NEIGHBOURS), np.int32)
    for start in range(0, len(pairs), 2048):
        part = queries[start : start + 2048] @ documents.T
        found[start : start + 2048] = part.topk(NEIGHBOURS).indices.numpy()
    np.save(place.WORK / "mined.npy", found)
    hits = (found == np.arange(len(pairs))[:, None]).any(1).mean()
    print(f"own document among the first {NEIGHBOURS}: {hits:.3f}")


if __name__ == "__main__":
    main()
