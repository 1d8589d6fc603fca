"""What the reranker knows of words beside their meaning: which tokens are the same word, and how rare it is."""

import json
import math
import random
import re
from collections import Counter

import torch

import place
import prompts
from spelled import text

TEXTS = 60_000


def words(ids: dict[str, int]) -> list[str]:
    """What each token's word is known by: its letters and digits in lower case, without an ending."""
    out = [""] * (max(ids.values()) + 1)
    for token, i in ids.items():
        if not token.startswith("<|"):
            out[i] = stem("".join(c for c in text(token).lower() if c.isalnum()))
    return out


def stem(word: str) -> str:
    """Without the endings that English adds most, and the letter they double: reads, reading, reader are read."""
    if word.isascii() and word.isalpha():
        for ending in ("(?<![isu])s", "(?:ing|ed|er|ion|or)", "e"):
            word = re.sub(rf"(?<=[a-z]{{3}}){ending}$", "", word)
        word = re.sub(r"([b-df-hj-km-np-rtv-z])\1$", r"\1", word)
    return word


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
