"""Asks a teacher about the training texts: `teach.py TEACHER`.

Writes work/TEACHER/sample.jsonl and the vectors beside it. The sample keeps the teacher's time in bounds. One
process per core with one thread each: small batches do not gain from threads.
"""

import json
import multiprocessing
import random
import sys
import time
from dataclasses import dataclass

import numpy as np

import place
import spelled
from teachers import Teacher

SEED = 6


@dataclass(frozen=True)
class Lesson:
    """What a teacher is asked: tokens of a text at most, pairs by kind, queries alone."""

    max_length: int
    pairs: dict[str, int]
    asked: int
    # whether about all words of units.json, too
    names: bool = False
    # gte's vectors are much alike: what they differ in counts
    centred: bool = False


LESSONS = {
    "minilm": Lesson(
        112,
        {
            "package": 14_000,
            "manual": 6_000,
            "book": 6_000,
            "code": 22_000,
            "function": 12_464,
            "wiki": 684,
            "topic": 36_000,
            "word": 24_000,
        },
        40_000,
    ),
    "gte": Lesson(
        96,
        {
            "package": 7_000,
            "manual": 4_000,
            "book": 4_000,
            "code": 15_000,
            "function": 9_000,
            "wiki": 684,
            "topic": 15_000,
            "word": 5_000,
        },
        20_000,
        names=True,
        centred=True,
    ),
}
WORDS = 25_000
PART = 1_024


def main() -> None:
    random.seed(SEED)
    name = sys.argv[1]
    lesson, folder = LESSONS[name], place.WORK / name
    folder.mkdir(exist_ok=True)
    # makes the file that all processes of the pool read
    Teacher(name)
    kinds: dict[str, list[dict]] = {kind: [] for kind in lesson.pairs}
    for line in open(place.WORK / "pairs.jsonl"):
        pair = json.loads(line)
        kinds[pair["kind"]].append(pair)
    pairs = []
    for kind, count in lesson.pairs.items():
        random.shuffle(kinds[kind])
        pairs += kinds[kind][:count]
    random.shuffle(pairs)
    with open(folder / "sample.jsonl", "w") as out:
        out.writelines(json.dumps(p) + "\n" for p in pairs)
    words = (place.WORK / "words.txt").read_text().split()
    # what may be asked about functions that the teacher does not see: short, so it costs little
    asked = [p["query"] for p in kinds["code"][lesson.pairs["code"] :][: lesson.asked]]
    short = random.sample(words, WORDS) + [" ".join(a.split()) for a in asked]
    (folder / "sample-short.txt").write_text("\n".join(short) + "\n")
    encode(name, "short", short)
    encode(name, "queries", [p["query"] for p in pairs])
    encode(name, "documents", [p["document"] for p in pairs])
    if lesson.names:
        encode(name, "names", spelled.names())


def encode(name: str, kind: str, texts: list[str]) -> None:
    """Writes the vectors of texts to work/NAME/KIND-000.npy and so on in float16; goes on where it ended."""
    began = time.time()
    parts = [texts[i : i + PART] for i in range(0, len(texts), PART)]
    files = [place.WORK / name / f"{kind}-{i:03}.npy" for i in range(len(parts))]
    todo = [(f, p) for f, p in zip(files, parts) if not f.exists()]
    context = multiprocessing.get_context("spawn")
    with context.Pool(place.TEACHER_PROCESSES, initializer=start, initargs=(name,)) as pool:
        for file in pool.imap(ask, todo):
            print(f"{file.name} of {len(files)}, {time.time() - began:.0f} s", flush=True)


def told(name: str, kind: str) -> np.ndarray:
    """What `encode` wrote, as far as it got, in float32."""
    files = sorted((place.WORK / name).glob(f"{kind}-???.npy"))
    return np.concatenate([np.load(f) for f in files]).astype(np.float32)


def vectors(name: str, kind: str) -> np.ndarray:
    """The same, of length 1; less its mean where the lesson wants it so."""
    found = told(name, kind)
    return unit(found - found.mean(0)) if LESSONS[name].centred else found


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows of length 1."""
    return rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)


def axes(name: str) -> np.ndarray:
    """The teacher's main directions [384, 384] over the training texts, the strongest first."""
    queries = vectors(name, "queries")
    return np.linalg.svd(queries.T @ queries)[0].astype(np.float32)


def start(name: str) -> None:
    """Opens the teacher in a process of the pool."""
    global teacher
    place.THREADS = 1
    teacher = Teacher(name, LESSONS[name].max_length)


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
