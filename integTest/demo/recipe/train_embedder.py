"""Trains an embedder on a teacher's vectors.

Three losses, each on the whole vector and on its first half and quarter: the angle to the teacher's
vector, the teacher's similarities of a batch's queries and documents, and the right document of each
query. Pairs that the teacher was not asked about serve the last loss alone.
"""

import argparse
import json
import random

import numpy as np
import torch
import torch.nn.functional as F

import measure_embedder
import place
import prompts
import spelled
from bag import Bag
from descent import by_length, descend
from losses import DIMENSIONS, TEMPERATURE, angle, divergence
from network import load, save
from teach import axes, vectors

SEED = 9


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--teacher", required=True)
    options.add_argument("--start", required=True)
    options.add_argument("--out", required=True)
    options.add_argument("--seconds", type=float, required=True)
    options.add_argument("--batch", type=int, default=256)
    options.add_argument("--untaught", type=int, default=0)
    options.add_argument("--rate", type=float, default=1e-3)
    options.add_argument("--length", type=int, default=96)
    options.add_argument("--names", action="store_true", help="learn all words of units.json, too")
    Training(options.parse_args()).run()


class Training:
    """One stage."""

    def __init__(self, options):
        torch.manual_seed(SEED)
        random.seed(SEED)
        torch.set_num_threads(place.THREADS)
        self.o = options
        self.network = load(place.WORK / options.start)
        self.bag = Bag(self.network)
        self.tokens = prompts.tokenizer(place.MODELS / "demo-embedding")
        self.read()

    def read(self) -> None:
        teacher = self.o.teacher
        folder, rotation = place.WORK / teacher, axes(teacher)
        pairs = [json.loads(line) for line in open(folder / "sample.jsonl")]
        documents = vectors(teacher, "documents") @ rotation
        pairs = pairs[: len(documents)]
        queries = vectors(teacher, "queries")[: len(documents)] @ rotation
        self.targets = torch.from_numpy(queries), torch.from_numpy(documents)
        self.taught = len(pairs)
        pairs += self.untaught(pairs)
        length = self.o.length
        texts = [p["query"] for p in pairs]
        self.asked = prompts.encode(self.tokens, [prompts.query_text(t) for t in texts], length)
        self.plain = prompts.encode(self.tokens, texts, length)
        self.documents = prompts.encode(self.tokens, [p["document"] for p in pairs], length)
        short = (folder / "sample-short.txt").read_text().splitlines()
        short = [random.choice(["", " "]) + t for t in short]
        targets = vectors(teacher, "short")
        if self.o.names:
            short += [" " + name for name in spelled.names()]
            targets = np.concatenate([targets, vectors(teacher, "names")])
        self.short = prompts.encode(self.tokens, short, length)
        self.short_targets = torch.from_numpy(targets @ rotation)

    def untaught(self, taught: list[dict]) -> list[dict]:
        """Pairs that the teacher was not asked about: what belongs together is still known."""
        known = {p["document"] for p in taught}
        pairs = [json.loads(line) for line in open(place.WORK / "pairs.jsonl")]
        pairs = [p for p in pairs if p["document"] not in known]
        return random.sample(pairs, min(self.o.untaught, len(pairs)))

    def run(self) -> None:
        steps = descend(self.bag, self.o.seconds, self.o.rate, self.order, self.step)
        end = self.tokens.token_to_id("<|endoftext|>")
        save(self.network, place.WORK / self.o.out, False, end)
        print(f"{steps} steps", measure_embedder.figures(self.network), flush=True)

    def order(self):
        """Batches of pairs whose documents are of like length, in random order."""
        rows = list(range(self.taught)), list(range(self.taught, len(self.documents)))
        for part in rows:
            random.shuffle(part)
        size = self.o.batch
        batches = [b for part in rows for b in by_length(part, self.documents, size) if len(b) > size // 2]
        random.shuffle(batches)
        return batches

    def step(self, rows: list[int]) -> tuple[torch.Tensor, tuple[float, ...]]:
        """The loss of a batch, and its parts: angle, likeness, and the right document."""
        source = self.asked if random.random() < 0.5 else self.plain
        alone = random.sample(range(len(self.short)), self.o.batch // 2)
        short = [source[r] for r in rows] + [self.short[a] for a in alone]
        short_states = self.bag.states(short)
        document_states = self.bag.states([self.documents[r] for r in rows])
        taught = rows[0] < self.taught
        alone_targets, alone_states = self.short_targets[alone], short_states[len(rows) :]
        turned = likeness = right = torch.zeros(())
        for d in DIMENSIONS:
            turned = turned + angle(alone_states, alone_targets, d)
            q, k = (F.normalize(t[: len(rows), :d], dim=1) for t in (short_states, document_states))
            scores = q @ k.T / TEMPERATURE
            right = right + F.cross_entropy(scores, torch.arange(len(rows)))
            if taught:
                wanted = self.targets[0][rows], self.targets[1][rows]
                turned = turned + angle(short_states[: len(rows)], wanted[0], d)
                turned = turned + angle(document_states, wanted[1], d)
                alike = wanted[0] @ wanted[1].T / TEMPERATURE
                likeness = likeness + divergence(alike, scores)
        loss = turned + 0.5 * likeness + (0.1 if taught else 0.3) * right
        by_teacher = (turned.item() / 9, likeness.item() / 3) if taught else (np.nan, np.nan)
        return loss, (*by_teacher, right.item() / 3)


if __name__ == "__main__":
    main()
