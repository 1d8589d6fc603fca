"""Trains an embedder on a teacher's vectors.

Three losses, each on the whole vector and on its first half and quarter: the angle to the teacher's
vector, the teacher's similarities of a batch's queries and documents, and the right document of each
query. Pairs that the teacher was not asked about serve the last loss alone.
"""

import argparse
import json
import math
import random
import time

import numpy as np
import torch
import torch.nn.functional as F

import measure_embedder
import place
import prompts
from bag import Bag
from losses import DIMENSIONS, TEMPERATURE, angle, divergence
from network import load, save
from teach import axes, vectors

SEED = 9
CHUNK = 20


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
        tables = [self.network.embed_tokens.weight]
        rest = [p for n, p in self.network.named_parameters() if n != "embed_tokens.weight"]
        self.optimizer = torch.optim.AdamW(
            [{"params": tables, "lr": 5 * options.rate}, {"params": rest, "lr": options.rate}],
            betas=(0.9, 0.98),
            weight_decay=0.0,
            fused=True,
        )
        self.bag.restrain()
        self.rates = [g["lr"] for g in self.optimizer.param_groups]

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
            names = json.loads((place.WORK / "units.json").read_text())["rarity"]
            short += [" " + name for name in names]
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
        began = told = time.time()
        step, losses = 0, []
        while time.time() - began < self.o.seconds:
            for rows in self.order():
                share = (time.time() - began) / self.o.seconds
                if share >= 1:
                    break
                for group, rate in zip(self.optimizer.param_groups, self.rates):
                    rise = min(1, (step + 1) / 50)
                    group["lr"] = rate * rise * (0.5 + 0.5 * math.cos(math.pi * share))
                losses.append(self.step(rows))
                step += 1
                if time.time() - told > 30:
                    told = time.time()
                    mean = np.nanmean(losses, 0).round(4)
                    print(f"{told - began:.0f} s, step {step}, losses {mean}", flush=True)
                    losses = []
        end = self.tokens.token_to_id("<|endoftext|>")
        save(self.network, place.WORK / self.o.out, False, end)
        print(f"{step} steps", measure_embedder.figures(self.network), flush=True)

    def order(self):
        """Batches of pairs whose documents are of like length, in random order."""
        rows = list(range(self.taught)), list(range(self.taught, len(self.documents)))
        for part in rows:
            random.shuffle(part)
        batches = list(self.bucketed(rows[0])) + list(self.bucketed(rows[1]))
        random.shuffle(batches)
        return batches

    def bucketed(self, rows: list[int]):
        size = self.o.batch
        for start in range(0, len(rows), size * CHUNK):
            chunk = sorted(rows[start : start + size * CHUNK], key=lambda r: len(self.documents[r]))
            parts = [chunk[i : i + size] for i in range(0, len(chunk), size)]
            yield from (p for p in parts if len(p) > size // 2)

    def step(self, rows: list[int]) -> tuple[float, ...]:
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
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.bag.restrain()
        by_teacher = (turned.item() / 9, likeness.item() / 3) if taught else (np.nan, np.nan)
        return *by_teacher, right.item() / 3


if __name__ == "__main__":
    main()
