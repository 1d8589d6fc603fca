"""Trains the reranker on lists: a query, its own document, others that the embedder finds for it.

The order to learn is the teacher's, with a share for the query's own document; a second loss ties
P(yes) to how sure the teacher is.
"""

import argparse
import json
import math
import random
import time

import numpy as np
import torch
import torch.nn.functional as F

import place
import prompts
from network import load, save
from rerank_network import log_odds
from teach import vectors

SEED = 12
TEMPERATURE = 0.05
OWN = 0.3
SURE_AT, SURE_WITHIN = 0.45, 0.08
CODE = 2.0


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--start", required=True)
    options.add_argument("--out", required=True)
    options.add_argument("--seconds", type=float, required=True)
    options.add_argument("--queries", type=int, default=10)
    options.add_argument("--documents", type=int, default=8)
    options.add_argument("--rate", type=float, default=5e-4)
    options.add_argument("--length", type=int, default=80)
    options.add_argument("--functions", type=float, default=2.0, help="times a pair of cosqa-dev")
    options.add_argument("--seed", type=int, default=SEED)
    Training(options.parse_args()).run()


class Training:
    """One run over randomly drawn queries."""

    def __init__(self, options):
        torch.manual_seed(options.seed)
        random.seed(options.seed)
        torch.set_num_threads(place.THREADS)
        self.o = options
        self.network = load(place.WORK / options.start)
        self.tokens = prompts.tokenizer(place.MODELS / "demo-reranker")
        pairs = [json.loads(line) for line in open(place.WORK / "sample.jsonl")]
        times = {"function": options.functions, "code": CODE}
        self.weights = np.cumsum([times.get(p["kind"], 1.0) for p in pairs])
        self.asked = [p["query"] for p in pairs]
        self.documents = [p["document"] for p in pairs]
        self.queries, self.answers = vectors("queries"), vectors("documents")
        self.mined = np.load(place.WORK / "mined.npy")
        self.prefix = self.tokens.encode(prompts.PREFIX).ids
        self.suffix = self.tokens.encode(prompts.SUFFIX).ids
        self.yes, self.no = (self.tokens.token_to_id(t) for t in ("yes", "no"))
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.0
        )

    def run(self) -> None:
        began = told = time.time()
        step, losses = 0, []
        while (share := (time.time() - began) / self.o.seconds) < 1:
            rate = min(1, (step + 1) / 30) * (0.5 + 0.5 * math.cos(math.pi * share))
            for group in self.optimizer.param_groups:
                group["lr"] = self.o.rate * rate
            losses.append(self.step())
            step += 1
            if time.time() - told > 60:
                told = time.time()
                mean = np.mean(losses, 0).round(4)
                print(f"{told - began:.0f} s, step {step}, losses {mean}", flush=True)
                losses = []
        end = self.tokens.token_to_id("<|endoftext|>")
        save(self.network, place.WORK / self.o.out, True, end)
        print(f"{step} steps", flush=True)

    def step(self) -> tuple[float, ...]:
        rows = random.choices(range(len(self.asked)), cum_weights=self.weights, k=self.o.queries)
        lists = [self.candidates(row) for row in rows]
        heads = prompts.pad([self.head(row) for row in rows])
        tails = prompts.pad([self.tail(d) for one in lists for d in one])
        with torch.autocast("cpu", torch.bfloat16):
            odds = log_odds(self.network, heads, tails, self.yes, self.no)
        odds = odds.float().view(len(rows), -1)
        alike = [self.answers[one] @ self.queries[row] for row, one in zip(rows, lists)]
        alike = torch.from_numpy(np.stack(alike))
        own = torch.zeros_like(alike)
        own[:, 0] = 1
        wanted = (1 - OWN) * (alike / TEMPERATURE).softmax(1) + OWN * own
        order = F.kl_div(odds.log_softmax(1), wanted, reduction="batchmean")
        sure = torch.sigmoid((alike - SURE_AT) / SURE_WITHIN)
        sure = torch.maximum(sure, 0.9 * own)
        answer = F.binary_cross_entropy_with_logits(odds, sure)
        (order + 0.3 * answer).backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        first = (odds.argmax(1) == alike.argmax(1)).float().mean()
        return order.item(), answer.item(), first.item()

    def candidates(self, row: int) -> list[int]:
        """The own document first, then others that the embedder finds, the last one at random."""
        own = self.documents[row]
        others = [int(d) for d in self.mined[row] if self.documents[d] != own]
        others = random.sample(others, self.o.documents - 2)
        return [row, *others, random.randrange(len(self.documents))]

    def head(self, row: int) -> list[int]:
        query = " ".join(self.asked[row].split()[:40])
        return self.prefix + self.tokens.encode(prompts.body_text(query)).ids

    def tail(self, document: int) -> list[int]:
        ids = self.tokens.encode(" " + self.documents[document]).ids
        return ids[: self.o.length] + self.suffix


if __name__ == "__main__":
    main()
