"""Trains the embedder on the teacher's vectors.

Three losses, each on the whole vector and on its first half and quarter: the angle to the teacher's
vector, the teacher's similarities of a batch's queries and documents, and the right document of each
query. Pairs that the teacher was not asked about serve the last loss alone. With one layer, of which
only the last position is computed, the work per token is small.
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
from network import load, save
from teach import vectors

SEED = 9
DIMENSIONS = (384, 192, 96)
TEMPERATURE = 0.05
CHUNK = 40


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--start", required=True)
    options.add_argument("--out", required=True)
    options.add_argument("--seconds", type=float, required=True)
    options.add_argument("--batch", type=int, default=128)
    options.add_argument("--untaught", type=int, default=0)
    options.add_argument("--rate", type=float, default=1e-3)
    options.add_argument("--length", type=int, default=96)
    Training(options.parse_args()).run()


class Training:
    """One stage."""

    def __init__(self, options):
        torch.manual_seed(SEED)
        random.seed(SEED)
        torch.set_num_threads(place.THREADS)
        self.o = options
        self.network = load(place.WORK / options.start)
        self.tokens = prompts.tokenizer(place.MODELS / "demo-embedding")
        self.read()
        tables = [self.network.embed_tokens.weight]
        rest = [p for n, p in self.network.named_parameters() if n != "embed_tokens.weight"]
        self.optimizer = torch.optim.AdamW(
            [{"params": tables, "lr": 5 * options.rate}, {"params": rest, "lr": options.rate}],
            betas=(0.9, 0.98),
            weight_decay=0.0,
        )
        self.one_weight()
        self.rates = [g["lr"] for g in self.optimizer.param_groups]

    def read(self) -> None:
        pairs = [json.loads(line) for line in open(place.WORK / "sample.jsonl")]
        axes = np.load(place.WORK / "axes.npy")
        documents = vectors("documents") @ axes
        pairs = pairs[: len(documents)]
        queries = vectors("queries")[: len(documents)] @ axes
        self.targets = torch.from_numpy(queries), torch.from_numpy(documents)
        self.taught = len(pairs)
        pairs += self.untaught(pairs)
        length = self.o.length
        texts = [p["query"] for p in pairs]
        self.asked = prompts.encode(self.tokens, [prompts.query_text(t) for t in texts], length)
        self.plain = prompts.encode(self.tokens, texts, length)
        self.documents = prompts.encode(self.tokens, [p["document"] for p in pairs], length)
        words = (place.WORK / "sample-words.txt").read_text().split()
        words = [random.choice(["", " "]) + w for w in words]
        self.words = prompts.encode(self.tokens, words, length)
        self.word_targets = torch.from_numpy(vectors("words") @ axes)

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
        words = random.sample(range(len(self.words)), self.o.batch // 4)
        short = [source[r] for r in rows] + [self.words[w] for w in words]
        short_states = self.states(short)
        document_states = self.states([self.documents[r] for r in rows])
        taught = rows[0] < self.taught
        word_targets, word_states = self.word_targets[words], short_states[len(rows) :]
        angle = likeness = right = torch.zeros(())
        for d in DIMENSIONS:
            angle = angle + self.angle(word_states, word_targets, d)
            q, k = (F.normalize(t[: len(rows), :d], dim=1) for t in (short_states, document_states))
            scores = q @ k.T / TEMPERATURE
            right = right + F.cross_entropy(scores, torch.arange(len(rows)))
            if taught:
                wanted = self.targets[0][rows], self.targets[1][rows]
                angle = angle + self.angle(short_states[: len(rows)], wanted[0], d)
                angle = angle + self.angle(document_states, wanted[1], d)
                alike = wanted[0] @ wanted[1].T / TEMPERATURE
                likeness = likeness + self.divergence(alike, scores)
        loss = angle + 0.5 * likeness + (0.1 if taught else 0.3) * right
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.one_weight()
        by_teacher = (angle.item() / 9, likeness.item() / 3) if taught else (np.nan, np.nan)
        return *by_teacher, right.item() / 3

    @torch.no_grad()
    def one_weight(self) -> None:
        """Lets all heads weigh a token alike: the reranker sums up in the same way with fewer heads."""
        for layer in self.network.layers:
            for projection in (layer.self_attn.q_proj, layer.self_attn.k_proj):
                heads = projection.weight.view(-1, layer.self_attn.s.head_dim, 384)
                heads.copy_(heads.mean(0, keepdim=True).expand_as(heads))

    def states(self, lines: list[list[int]]) -> torch.Tensor:
        batch = prompts.pad(lines)
        with torch.autocast("cpu", torch.bfloat16):
            states = self.network(batch.ids, batch.last)
        return states.float()

    @staticmethod
    def angle(states, wanted, dimensions: int):
        """One less the cosine to the teacher's vector, both cut."""
        cut = (F.normalize(t[:, :dimensions], dim=1) for t in (states, wanted))
        return 1 - torch.mul(*cut).sum(1).mean()

    @staticmethod
    def divergence(wanted, given):
        """Of the teacher's choice among the batch, both ways."""
        a = F.kl_div(given.log_softmax(1), wanted.softmax(1), reduction="batchmean")
        b = F.kl_div(given.log_softmax(0).T, wanted.softmax(0).T, reduction="batchmean")
        return (a + b) / 2


if __name__ == "__main__":
    main()
