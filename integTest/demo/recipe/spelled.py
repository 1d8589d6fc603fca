"""The words of the training texts and of the dictionary, as they are spelled: work/units.json.

A unit is a word with the one sign before it that the pre-tokenizer leaves with it, mostly a space, in the
characters of a byte-level vocabulary. Its name, which the teacher is asked about, is its letters in lower case.
"""

import json
import math
import random
import re
from collections import Counter

import place
import prompts

SEED = 11
TEXTS = 200_000
SEEN = 2
UNIT = re.compile(r"[^a-zA-Z]?[a-zA-Z]+")


def main() -> None:
    random.seed(SEED)
    tokenizer = prompts.tokenizer(place.MODELS / "demo-embedding").pre_tokenizer
    lines = (place.WORK / "pairs.jsonl").read_text().splitlines()
    units, documents = Counter(), Counter()
    sample = random.sample(lines, min(TEXTS, len(lines)))
    for pair in map(json.loads, sample):
        of_document = [u for u, _ in tokenizer.pre_tokenize_str(pair["document"])]
        units.update(of_document)
        units.update(u for u, _ in tokenizer.pre_tokenize_str(pair["query"]))
        documents.update({name(u) for u in of_document})
    kept = {u: n for u, n in units.items() if n >= SEEN and UNIT.fullmatch(u)}
    for word in (place.WORK / "words.txt").read_text().split():
        if word.isascii() and word.isalpha():
            kept.setdefault("Ġ" + word, 1)
    rarity = {n: rare(documents[n], len(sample)) for n in dict.fromkeys(map(name, kept))}
    (place.WORK / "units.json").write_text(json.dumps({"units": kept, "rarity": rarity}))


def names() -> list[str]:
    """The names that `main` wrote."""
    return list(json.loads((place.WORK / "units.json").read_text())["rarity"])


def rare(documents: int, of: int) -> float:
    """The logarithm of how few documents a word is in."""
    return math.log(1 + of / (documents + 1))


def name(unit: str) -> str:
    """A unit's letters in lower case; of one without letters its signs."""
    spelled = text(unit).strip().lower()
    return re.sub(r"^[^a-z0-9]|[^a-z0-9]$", "", spelled) if re.search("[a-z]", spelled) else spelled


def text(token: str) -> str:
    """What a token of a byte-level vocabulary spells; halves of characters are left out."""
    return bytes(BYTES.get(c, 32) for c in token).decode(errors="ignore")


def byte_characters() -> dict[int, str]:
    """The printable character that stands for each byte in a byte-level vocabulary."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [b for b in range(256) if b not in shown]
    return {b: chr(b) for b in shown} | {b: chr(256 + i) for i, b in enumerate(hidden)}


BYTES = {c: b for b, c in byte_characters().items()}


if __name__ == "__main__":
    main()
