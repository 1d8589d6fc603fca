"""A stage of training that ends by the clock."""

import math
import time
from collections.abc import Callable, Iterable

import numpy as np
import torch

from bag import Bag

CHUNK = 20


def by_length(rows: list[int], lines: list[list[int]], size: int) -> Iterable[list[int]]:
    """Batches of rows whose lines are of like length; only chunks of them are sorted."""
    for start in range(0, len(rows), size * CHUNK):
        chunk = sorted(rows[start : start + size * CHUNK], key=lambda r: len(lines[r]))
        yield from (chunk[i : i + size] for i in range(0, len(chunk), size))


def descend(bag: Bag, seconds: float, rate: float, order: Callable, step: Callable) -> int:
    """Trains until the time is up; gives the number of steps.

    `order` gives the batches of one pass over the texts, `step` the loss of a batch and what is to be told of
    it. The table of tokens learns five times as fast as the rest; the rate rises over 50 steps and falls to nothing.
    """
    network = bag.network
    table = network.embed_tokens.weight
    rest = [p for p in network.parameters() if p is not table]
    rates = 5 * rate, rate
    groups = [{"params": p, "lr": r} for p, r in zip(([table], rest), rates)]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.0, fused=True)
    bag.restrain()
    began = told = time.time()
    steps, losses = 0, []
    while time.time() - began < seconds:
        for batch in order():
            share = (time.time() - began) / seconds
            if share >= 1:
                break
            for group, full in zip(optimizer.param_groups, rates):
                rise = min(1, (steps + 1) / 50)
                group["lr"] = full * rise * (0.5 + 0.5 * math.cos(math.pi * share))
            loss, parts = step(batch)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            bag.restrain()
            losses.append(parts)
            steps += 1
            if time.time() - told > 30:
                told = time.time()
                mean = np.nanmean(losses, 0).round(4)
                print(f"{told - began:.0f} s, step {steps}, losses {mean}", flush=True)
                losses = []
    return steps
