"""Asks the teacher about the training texts: work/sample.jsonl and the vectors beside it.

The sample keeps the teacher's time in bounds. One process per core with one thread each: small
batches do not gain from threads.
"""

import json
import multiprocessing
import random
import time

import numpy as np

import place
from teachers import Teacher

SEED = 6
TEACHER = "minilm"
MAX_LENGTH = 112
SAMPLE = {
    "package": 14_000,
    "manual": 6_000,
    "book": 6_000,
    "code": 22_000,
    "function": 12_464,
    "wiki": 684,
    "topic": 36_000,
    "word": 24_000,
}
WORDS = 25_000
ASKED = 40_000
PART = 1_024


def main() -> None:
    random.seed(SEED)
    kinds: dict[str, list[dict]] = {kind: [] for kind in SAMPLE}
    for line in open(place.WORK / "pairs.jsonl"):
        pair = json.loads(line)
        kinds[pair["kind"]].append(pair)
    pairs = []
    for kind, count in SAMPLE.items():
        random.shuffle(kinds[kind])
        pairs += kinds[kind][:count]
    random.shuffle(pairs)
    with open(place.WORK / "sample.jsonl", "w") as out:
        out.writelines(json.dumps(p) + "\n" for p in pairs)
    words = (place.WORK / "words.txt").read_text().split()
    # what may be asked about functions that the teacher does not see: short, so it costs little
    asked = [p["query"] for p in kinds["code"][SAMPLE["code"] :][:ASKED]]
    short = random.sample(words, WORDS) + [" ".join(a.split()) for a in asked]
    (place.WORK / "sample-short.txt").write_text("\n".join(short) + "\n")
    encode("short", short)
    encode("queries", [p["query"] for p in pairs])
    encode("documents", [p["document"] for p in pairs])


def encode(name: str, texts: list[str]) -> None:
    """Writes the vectors of texts to work/NAME-000.npy and so on in float16; goes on where it ended."""
    began = time.time()
    parts = [texts[i : i + PART] for i in range(0, len(texts), PART)]
    files = [place.WORK / f"{name}-{i:03}.npy" for i in range(len(parts))]
    todo = [(f, p) for f, p in zip(files, parts) if not f.exists()]
    context = multiprocessing.get_context("spawn")
    with context.Pool(place.TEACHER_PROCESSES, initializer=start) as pool:
        for file in pool.imap(ask, todo):
            print(f"{file.name} of {len(files)}, {time.time() - began:.0f} s", flush=True)


def vectors(name: str) -> np.ndarray:
    """What `encode` wrote, as far as it got, in float32."""
    files = sorted(place.WORK.glob(f"{name}-???.npy"))
    return np.concatenate([np.load(f) for f in files]).astype(np.float32)


def start() -> None:
    """Opens the teacher in a process of the pool."""
    global teacher
    place.THREADS = 1
    teacher = Teacher(TEACHER, MAX_LENGTH)


def ask(part):
    """Writes the vectors of one part."""
    file, texts = part
    found = teacher.encode(texts, batch_tokens=2048).astype(np.float16)
    unfinished = file.with_suffix(".tmp")
    with open(unfinished, "wb") as out:
        np.save(out, found)
    return unfinished.rename(file)


if __name__ == "__main__":
    main()
