"""Cuts the official tokenizer.json to the merges that the training texts use most.

Any set of merges that holds the merges of its parts is a byte-level BPE of the same kind and spells
a text as the official one does, wherever it knows the token. Normaliser, pre-tokenizer, decoder and
post-processor stay as they are; the special tokens move up behind the vocabulary.
"""

import gzip
import json
import math
import random
from collections import Counter

from tokenizers import Tokenizer

import place

SEED = 7
TOKENS = 20_000
TEXTS = 60_000
ENGLISH = 10
# what the reranker that is written down tells the parts of its prompt by, and answers
NEEDED = ("yes", "no", "Query", "Document", "<", ">", ":", "Ċ", "ĊĊ")


def main() -> None:
    source = place.DATA / "qwen3-tokenizer"
    settings = json.loads((source / "tokenizer_config.json").read_text())
    text = gzip.decompress((source / "qwen3-reranker-tokenizer.json.gz").read_bytes()).decode()
    kept = choose(json.loads(text)["model"], usage(Tokenizer.from_str(text)))
    for kind in ("embedding", "reranker"):
        packed = (source / f"qwen3-{kind}-tokenizer.json.gz").read_bytes()
        tokenizer = json.loads(gzip.decompress(packed))
        cut(tokenizer, kept)
        folder = place.MODELS / f"demo-{kind}"
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))
        (folder / "tokenizer.json").write_text(text + "\n")
        ids = {t["content"]: t["id"] for t in tokenizer["added_tokens"]}
        old = settings["added_tokens_decoder"].values()
        moved = settings | {"added_tokens_decoder": {str(ids[t["content"]]): t for t in old}}
        (folder / "tokenizer_config.json").write_text(json.dumps(moved, indent=2) + "\n")


def usage(tokenizer: Tokenizer) -> Counter:
    """How often texts use a token; one that is an English word behind a space counts more."""
    lines = (place.WORK / "pairs.jsonl").read_text().splitlines()
    random.seed(SEED)
    used: Counter = Counter()
    pairs = map(json.loads, random.sample(lines, min(TEXTS, len(lines))))
    texts = [p["query"] + "\n" + p["document"] for p in pairs]
    words = (place.WORK / "words.txt").read_text().split()
    for encoding in tokenizer.encode_batch(texts):
        used.update(encoding.tokens)
    whole = {"Ġ" + w for w in words if w.isascii() and w.islower()}
    return Counter({t: (n + 1) * (ENGLISH if t in whole else 1) for t, n in used.items()})


def choose(model: dict, used: Counter) -> set[str]:
    """The tokens to keep: the most used ones, with all that they are merged from."""
    parts = {}
    for left, right in model["merges"]:
        parts.setdefault(left + right, (left, right))
    kept = {t for t in model["vocab"] if len(t) == 1}

    def cost(token: str) -> set[str]:
        missing, queue = set(), [token]
        while queue:
            one = queue.pop()
            if one not in kept and one not in missing:
                missing.add(one)
                queue += parts[one]
        return missing

    ranked = sorted(used, key=lambda t: (-used[t], model["vocab"].get(t, math.inf)))
    for token in [*NEEDED, *(t for t in ranked if t in model["vocab"])]:
        missing = cost(token)
        if len(kept) + len(missing) <= TOKENS:
            kept |= missing
    return kept


def cut(tokenizer: dict, kept: set[str]) -> None:
    """Reduces a tokenizer.json to the tokens that are kept, in place."""
    model = tokenizer["model"]
    model["merges"] = [[a, b] for a, b in model["merges"] if {a, b, a + b} <= kept]
    model["vocab"] = {t: i for i, t in enumerate(t for t in model["vocab"] if t in kept)}
    for i, token in enumerate(tokenizer["added_tokens"]):
        token["id"] = len(kept) + i
    end = tokenizer["added_tokens"][0]["id"]
    for processor in tokenizer["post_processor"].get("processors", []):
        for special in processor.get("special_tokens", {}).values():
            special["ids"] = [end]


if __name__ == "__main__":
    main()
