"""Makes one embedder of two: `join_embedders.py FIRST SECOND OUT`, folders of work.

Its vector is to be both vectors of a text side by side, turned so that the first 384 directions carry most. It
begins with all that both know: what a token adds to both is what it adds here, and both MLPs stand side by
side, each reading what it would have read as far as this sum tells. Then it learns from both. As they are bags
of words, too, they answer as fast as it learns.
"""

import argparse
import json
import random

import torch
import torch.nn.functional as F

import measure_embedder
import place
import prompts
import spelled
from bag import Bag
from descent import by_length, descend
from fit_embedder import MEANING, begin
from losses import DIMENSIONS, TEMPERATURE, angle, divergence
from network import Network, Shape, load, save
from write_reranker import values, weights

SEED = 13
PAIRS = 200_000
BATCH = 256
LENGTH = 200
# texts by which directions are told, lengths, and what an MLP would have read
TURNED, SIZED = 8_000, 500
READ = {"documents": 2_500, "asked": 1_500, "names": 2_000}
# holds the fit of what is read, of so many texts
HELD = 3.0
# kinds of pairs that are learned twice as often
TWICE = ("code", "function")
SECONDS, RATE = 380, 7e-4


def main() -> None:
    options = argparse.ArgumentParser()
    for name in ("first", "second", "out"):
        options.add_argument(name)
    options = options.parse_args()
    torch.manual_seed(SEED)
    random.seed(SEED)
    torch.set_num_threads(place.THREADS)
    joining = Joining([Bag(load(place.WORK / f)) for f in (options.first, options.second)])
    joining.learn()
    save(joining.network, place.WORK / options.out, False, joining.end)


class Joining:
    """The two and the one that is made of them."""

    def __init__(self, teachers: list[Bag]):
        self.teachers = teachers
        tokens = prompts.tokenizer(place.MODELS / "demo-embedding")
        self.end = tokens.token_to_id("<|endoftext|>")
        lines = (place.WORK / "pairs.jsonl").read_text().splitlines()
        random.shuffle(lines)
        self.pairs = [json.loads(line) for line in lines[:PAIRS]]
        self.rows = list(range(len(self.pairs)))
        self.rows += [i for i in self.rows if self.pairs[i]["kind"] in TWICE]
        queries = [p["query"] for p in self.pairs]
        self.asked = prompts.encode(tokens, [prompts.query_text(q) for q in queries], LENGTH)
        self.plain = prompts.encode(tokens, queries, LENGTH)
        self.documents = prompts.encode(tokens, [p["document"] for p in self.pairs], LENGTH)
        self.names = prompts.encode(tokens, [" " + n for n in spelled.names()], LENGTH)
        self.turn = self.directions()
        self.sizes = [self.size(t.network) for t in self.teachers]
        inner = sum(t.network.shape.intermediate_size for t in self.teachers)
        size = tokens.get_vocab_size()
        self.network = Network(Shape(size, num_hidden_layers=1, intermediate_size=inner))
        with torch.no_grad():
            begin(self.network, self.added() @ self.turn[:, :MEANING], self.end)
            self.place_mlps()
        self.bag = Bag(self.network)

    @torch.no_grad()
    def told(self, lines: list[list[int]]) -> torch.Tensor:
        """Both vectors of texts, side by side [texts, 768]."""
        return torch.cat([F.normalize(t.states(lines), dim=1) for t in self.teachers], 1)

    def directions(self) -> torch.Tensor:
        """The main directions [768, 384] of what is told."""
        parts = [
            self.told(lines[i : i + 500])
            for lines in (self.documents, self.asked)
            for i in range(0, TURNED, 500)
        ]
        found = torch.cat(parts)
        return torch.linalg.svd(found.T @ found)[0][:, :384]

    @torch.no_grad()
    def sums(self, network: Network, lines: list[list[int]]) -> torch.Tensor:
        """What a network's attention makes of texts [texts, 384]."""
        weight, value = weights(network, self.end), values(network)
        found = [weight[i].softmax(0) @ value[i] for i in map(torch.tensor, lines)]
        return torch.stack(found) + network.embed_tokens.weight[self.end]

    @torch.no_grad()
    def size(self, network: Network) -> torch.Tensor:
        """How long a text's vector usually is, before it is cut to length 1."""
        x, layer = self.sums(network, self.documents[:SIZED]), network.layers[0]
        x = x + layer.mlp(layer.post_attention_layernorm(x))
        return (x * network.norm.weight).norm(dim=1).mean()

    @torch.no_grad()
    def added(self) -> torch.Tensor:
        """What each token adds to both vectors [tokens, 768]."""
        parts = []
        for network, size in zip((t.network for t in self.teachers), self.sizes):
            weight, value = weights(network, self.end), values(network) * network.norm.weight
            parts.append(value * weight.exp()[:, None] / size)
        return torch.cat(parts, 1)

    def place_mlps(self) -> None:
        """Puts the MLPs of both side by side."""
        turn = torch.cat([self.turn[:, :MEANING], torch.zeros(768, 384 - MEANING)], 1)
        networks = [t.network for t in self.teachers]
        lines = self.documents[:SIZED]
        both = [self.sums(n, lines) * n.norm.weight / z for n, z in zip(networks, self.sizes)]
        mine = self.sums(self.network, lines)
        longer = mine.norm(dim=1).mean() / (torch.cat(both, 1) @ turn).norm(dim=1).mean()
        lines = [line for kind, count in READ.items() for line in getattr(self, kind)[:count]]
        seen = self.level(self.sums(self.network, lines))
        square = seen.T @ seen + HELD * torch.eye(384)
        own, at = self.network.layers[0].mlp, 0
        for network, size, half in zip(networks, self.sizes, turn.split(384)):
            layer = network.layers[0]
            units = slice(at, at + network.shape.intermediate_size)
            back = torch.linalg.solve(square, seen.T @ self.level(self.sums(network, lines)))
            reads = layer.post_attention_layernorm.weight[:, None] * back.T
            own.gate_proj.weight[units] = layer.mlp.gate_proj.weight @ reads
            own.up_proj.weight[units] = layer.mlp.up_proj.weight @ reads
            gained = network.norm.weight[:, None] * layer.mlp.down_proj.weight
            own.down_proj.weight[:, units] = longer * half.T @ gained / size
            at = units.stop

    @staticmethod
    def level(rows: torch.Tensor) -> torch.Tensor:
        """Rows as a norm leaves them."""
        return rows / rows.pow(2).mean(1, keepdim=True).sqrt()

    def learn(self) -> None:
        """By the clock."""
        steps = descend(self.bag, SECONDS, RATE, self.order, self.step)
        print(f"{steps} steps", measure_embedder.figures(self.network), flush=True)

    def order(self) -> list[list[int]]:
        """Batches of pairs whose documents are of like length, in random order."""
        random.shuffle(self.rows)
        batches = list(by_length(self.rows, self.documents, BATCH))
        random.shuffle(batches)
        return batches

    def step(self, rows: list[int]) -> tuple[torch.Tensor, tuple[float, float]]:
        """The loss of a batch of pairs and some words, and its parts: angle and likeness."""
        source = self.asked if random.random() < 0.6 else self.plain
        words = random.sample(range(len(self.names)), BATCH // 2)
        short = [source[i] for i in rows] + [self.names[i] for i in words]
        documents = [self.documents[i] for i in rows]
        wanted = [self.told(lines) @ self.turn for lines in (short, documents)]
        given = [self.bag.states(lines) for lines in (short, documents)]
        turned = likeness = torch.zeros(())
        for d in DIMENSIONS:
            turned = turned + sum(angle(g, w, d) for g, w in zip(given, wanted))
            alike = [self.alike(pair, len(rows), d) for pair in (wanted, given)]
            likeness = likeness + divergence(*alike)
        return turned + 0.5 * likeness, (turned.item() / 6, likeness.item() / 3)

    @staticmethod
    def alike(pair: list[torch.Tensor], count: int, dimensions: int) -> torch.Tensor:
        """Cosines of the batch's queries and documents by the temperature [count, count]."""
        q, d = (F.normalize(t[:count, :dimensions], dim=1) for t in pair)
        return q @ d.T / TEMPERATURE


if __name__ == "__main__":
    main()
