"""A start for an embedder that already searches: work/fitted-start.

What the tokens add up to is fitted to what the teacher says of words: the sum of a word's tokens is to be its
vector, as long as the word is rare. So a word that no token spells has its meaning, too, as far as its tokens
leave room beside their other words. The layer's attention weighs each token by the length that the fit gave it.
"""

import json
import re

import numpy as np
import scipy.sparse as sparse
import torch

import place
import prompts
import spelled
from bag import Bag, fast
from network import Network, Shape, save
from teach import axes, told, unit

SEED = 8
SCALE = 0.5
TEACHER = "gte"
INNER = 384
# of 384 numbers: the last two are a token's weight and a steady one, the others its meaning
MEANING, STEADY, WEIGHT = 382, 382, 383
# how much longer rare words are, how much more frequent ones count in the fit, and what holds tokens to their own
# meaning
RARE, OFTEN, HELD = 1.25, 0.5, 1.0
STEPS = 60
LIGHTEST = 3.5


def main() -> None:
    torch.manual_seed(SEED)
    rotation = axes(TEACHER)
    folder = place.MODELS / "demo-embedding"
    ids = prompts.tokenizer(folder).get_vocab()
    network = Network(Shape(len(ids), num_hidden_layers=1, intermediate_size=INNER))
    fitted = fit(ids, rotation[:, :MEANING])
    silence_prompt(fitted, folder)
    with torch.no_grad():
        begin(network, torch.from_numpy(fitted), ids["<|endoftext|>"])
    save(network, place.WORK / "fitted-start", False, ids["<|endoftext|>"])


def fit(ids: dict[str, int], rotation: np.ndarray) -> np.ndarray:
    """What each token adds [tokens, MEANING], by least squares over the words of the texts and of the dictionary."""
    lists = json.loads((place.WORK / "units.json").read_text())
    units, rarity = lists["units"], lists["rarity"]
    row = {name: i for i, name in enumerate(rarity)}
    rare = np.array(list(rarity.values()))
    names = told(TEACHER, "names")
    share = np.exp(-rare)[:, None]
    names = unit((names - (share * names).sum(0) / share.sum()) @ rotation) * rare[:, None] ** RARE
    own = np.zeros((len(ids), MEANING), np.float32)
    for token, i in ids.items():
        named = spelled.name(token)
        if not token.startswith("<|") and named in row and re.search("[a-z]{2}", named):
            own[i] = names[row[named]]
    tokens = prompts.tokenizer(place.MODELS / "demo-embedding")
    lines = tokens.encode_batch([spelled.text(u) for u in units], add_special_tokens=False)
    lines = [e.ids for e in lines]
    places = np.repeat(np.arange(len(lines)), [len(i) for i in lines]), np.concatenate(lines)
    spells = sparse.csr_matrix((np.ones(len(places[0]), np.float32), places), (len(lines), len(ids)))
    wanted = names[[row[spelled.name(u)] for u in units]]
    often = sparse.diags(np.array(list(units.values()), np.float32) ** OFTEN)
    weighed = often @ spells
    square = (spells.T @ weighed + HELD * sparse.eye(len(ids))).tocsr()
    return solve(square, weighed.T @ wanted + HELD * own, own)


def solve(square, right: np.ndarray, found: np.ndarray) -> np.ndarray:
    """By conjugate gradients, all columns side by side, from `found`."""
    scale = 1 / square.diagonal()[:, None]
    found = found.copy()
    left = right - square @ found
    step = scale * left
    size = (left * step).sum(0)
    for _ in range(STEPS):
        moved = square @ step
        far = size / ((step * moved).sum(0) + 1e-20)
        found += far * step
        left -= far * moved
        next_step = scale * left
        before, size = size, (left * next_step).sum(0)
        step = next_step + size / (before + 1e-20) * step
    return found.astype(np.float32)


def silence_prompt(fitted: np.ndarray, folder) -> None:
    """Has the first word of a query's prompt take back what the others of it add."""
    tokens = prompts.tokenizer(folder)
    prompt = tokens.encode(prompts.query_text(""), add_special_tokens=False).ids
    fitted[prompt[0]] = -fitted[prompt[1:]].sum(0)


def begin(network, fitted: torch.Tensor, end: int) -> None:
    """A layer that adds up what was fitted, blind to places.

    A key's last slow number, by the length of the last two, is the logarithm of the token's weight by `sharp`.
    """
    steady, most = 0.6, 0.4
    length = fitted.norm(dim=1)
    meaning = fitted / (length[:, None] + 1e-9)
    found = length.clamp(min=1e-3).log()
    found = (found - found.mean()).clamp(-LIGHTEST, LIGHTEST)
    sharp = found.abs().max() / most
    part = found / sharp
    weight = steady * part / (1 - part**2) ** 0.5
    table = network.embed_tokens.weight
    table[:, :MEANING] = meaning * (1 - steady**2 - weight**2)[:, None] ** 0.5
    table[:, STEADY], table[:, WEIGHT] = steady, weight
    table *= 384**0.5 * SCALE
    table[end] = 0
    table[end, STEADY] = 0.2
    layer = network.layers[0]
    attention = layer.self_attn
    for name, values in layer.named_parameters():
        if "proj" in name:
            values.normal_(0, 0.02)
    dim = attention.s.head_dim
    second, first = (~fast(attention.s)).nonzero()[-2:, 0].tolist()
    for projection, reads in ((attention.k_proj, {first: WEIGHT, second: STEADY}), (attention.q_proj, {first: STEADY})):
        heads = projection.weight.view(-1, dim, 384)
        heads[:, [first, second]] = 0
        for number, read in reads.items():
            heads[:, number, read] = 1
    attention.v_proj.weight.copy_(torch.eye(384))
    attention.v_proj.weight[[STEADY, WEIGHT]] = 0
    attention.o_proj.weight.copy_(torch.eye(384))
    layer.mlp.down_proj.weight.zero_()
    attention.k_norm.weight.fill_(1)
    attention.q_norm.weight.fill_(sharp / dim**0.5)
    Bag(network).restrain()


if __name__ == "__main__":
    main()
