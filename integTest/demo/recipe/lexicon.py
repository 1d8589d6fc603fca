"""What the reranker knows of words beside their meaning: which tokens are the same word, and how rare it is."""

import json
import math
import random
import re
from collections import Counter

import torch

import place
import prompts
from start_embedder import text

TEXTS = 60_000


def words(ids: dict[str, int]) -> list[str]:
    """The letters and digits of each token in lower case, without the s of a plural."""
    out = [""] * (max(ids.values()) + 1)
    for token, i in ids.items():
        if not token.startswith("<|"):
            word = "".join(c for c in text(token).lower() if c.isalnum())
            out[i] = re.sub(r"(?<=[a-z]{3})(?<![isu])s$", "", word)
    return out


def rarity(kinds: list[str]) -> torch.Tensor:
    """BM25's idf of each token's word in the training texts' documents; 0 for none."""
    tokens = prompts.tokenizer(place.MODELS / "demo-reranker")
    texts = [pair["document"] for pair in sample(TEXTS)]
    count = Counter()
    for encoding in tokens.encode_batch(texts, add_special_tokens=False):
        count.update({kinds[i] for i in encoding.ids})
    found = [math.log(1 + (len(texts) - count[k] + 0.5) / (count[k] + 0.5)) for k in kinds]
    return torch.tensor([idf if kind else 0 for idf, kind in zip(found, kinds)])


def sample(count: int) -> list[dict]:
    """So many of the training texts' pairs, or all."""
    lines = (place.WORK / "pairs.jsonl").read_text().splitlines()
    return [json.loads(line) for line in random.sample(lines, min(count, len(lines)))]
