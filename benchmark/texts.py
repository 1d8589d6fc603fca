"""Writes the texts: texts.py TOKENIZER_JSON COUNT FILE. Always the same: the demo's paragraphs, cut to lengths of 20 to 250 tokens.

The lengths are spread evenly and come in a mixed order. Whoever is longer than its paragraph goes on in the next.
"""

import json
import pathlib
import sys

import tokenizers

DEMO = pathlib.Path(__file__).resolve().parent.parent / "integTest/demo/xquad-en"
SHORTEST, LONGEST = 20, 250


def lengths(count):
    """Tokens of each of so many texts: spread evenly, in a mixed order."""
    # 37 has no divisor in common with the counts in use, so that every length of the spread comes once
    return [SHORTEST + (LONGEST - SHORTEST) * (i * 37 % count) // max(1, count - 1) for i in range(count)]


def passages(tokenizer, paragraphs, count, most, first):
    texts, tokens = [], 0
    for i, length in enumerate(lengths(count)[:most]):
        text = " ".join(paragraphs[(first + i * 3 + n) % len(paragraphs)] for n in range(3))
        end = tokenizer.encode(text, add_special_tokens=False).offsets[length - 1][1]
        texts.append(text[:end])
        tokens += len(tokenizer.encode(texts[-1], add_special_tokens=False).ids)
    return texts, tokens


def main():
    most = int(sys.argv[2])
    tokenizer = tokenizers.Tokenizer.from_file(sys.argv[1])
    lines = (DEMO / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    paragraphs = [json.loads(line)["text"] for line in lines]
    query = json.loads((DEMO / "queries.jsonl").read_text(encoding="utf-8").splitlines()[0])["text"]
    embedded, embedded_tokens = passages(tokenizer, paragraphs, 64, most, 0)
    ranked, ranked_tokens = passages(tokenizer, paragraphs, 50, most, 1)
    pathlib.Path(sys.argv[3]).write_text(json.dumps({
        "embedding": {"request": {"texts": embedded}, "tokens": embedded_tokens},
        "reranker": {"request": {"query": query, "texts": ranked}, "tokens": ranked_tokens},
    }), encoding="utf-8")


if __name__ == "__main__":
    main()
