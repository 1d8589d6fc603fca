"""Trains the embedder on the teacher's vectors.

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
from network import load, save
from start_embedder import fast
from teach import vectors

SEED = 9
DIMENSIONS = (384, 192, 96)
TEMPERATURE = 0.05
CHUNK = 20


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--start", required=True)
    options.add_argument("--out", required=True)
    options.add_argument("--seconds", type=float, required=True)
    options.add_argument("--batch", type=int, default=256)
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
        self.fast = fast(self.network.shape)
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
        self.restrain()
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
        short = (place.WORK / "sample-short.txt").read_text().splitlines()
        short = [random.choice(["", " "]) + t for t in short]
        self.short = prompts.encode(self.tokens, short, length)
        self.short_targets = torch.from_numpy(vectors("short") @ axes)

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
        short_states = self.states(short)
        document_states = self.states([self.documents[r] for r in rows])
        taught = rows[0] < self.taught
        alone_targets, alone_states = self.short_targets[alone], short_states[len(rows) :]
        angle = likeness = right = torch.zeros(())
        for d in DIMENSIONS:
            angle = angle + self.angle(alone_states, alone_targets, d)
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
        self.restrain()
        by_teacher = (angle.item() / 9, likeness.item() / 3) if taught else (np.nan, np.nan)
        return *by_teacher, right.item() / 3

    @torch.no_grad()
    def restrain(self) -> None:
        """Lets all heads weigh a token alike, wherever it stands: see `states`."""
        attention = self.network.layers[-1].self_attn
        attention.k_norm.weight[self.fast] = 0
        for projection in (attention.q_proj, attention.k_proj):
            heads = projection.weight.view(-1, attention.s.head_dim, 384)
            heads.copy_(heads[:1].clone().expand_as(heads))

    def states(self, lines: list[list[int]]) -> torch.Tensor:
        """What the network gives [texts, 384], in a small part of the time.

        Where heads weigh alike and places do not matter, a token's weight is the same wherever it stands, and
        the values of a text's mean are the mean of its values: all is computed once per token of the batch
        or once per text.
        """
        layer = self.network.layers[-1]
        attention = layer.self_attn
        lengths = torch.tensor([len(line) for line in lines])
        used, ids = torch.tensor([i for line in lines for i in line]).unique(return_inverse=True)
        raw = self.network.embed_tokens.weight[used]
        tokens = layer.input_layernorm(raw)
        end = torch.searchsorted(used, lines[0][-1])
        key = attention.k_norm(F.linear(tokens, attention.k_proj.weight[: attention.s.head_dim]))
        query = attention.q_proj.weight[: attention.s.head_dim] @ tokens[end]
        weights = (key @ attention.q_norm(query) / attention.s.head_dim**0.5).exp()[ids]
        text = torch.arange(len(lines)).repeat_interleave(lengths)
        weights = weights / torch.zeros(len(lines)).index_add(0, text, weights)[text]
        starts = lengths.cumsum(0) - lengths
        mean = F.embedding_bag(ids, tokens, starts, mode="sum", per_sample_weights=weights)
        x = raw[end] + attention.o_proj(attention.v_proj(mean))
        return self.network.norm(x + layer.mlp(layer.post_attention_layernorm(x)))

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
