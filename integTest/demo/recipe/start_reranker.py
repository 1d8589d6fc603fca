"""A start for the reranker that already ranks: work/reranker-start, built of the embedder.

1. The first layer marks what belongs to the query and what to the document: one head looks for the
   words that open them in the prompt.
2. In the second, each token of the document looks for its like among those of the query; a token
   that finds none finds itself. What is found is marked.
3. In the last, half of the heads sum up the query and half the document, as the embedder does, and
   its MLP multiplies the two: silu(g) u + silu(-g) (-u) = g u exactly.

A few of the weakest directions of the embeddings give way to the marks.
"""

import json

import numpy as np
import torch
import torch.nn.functional as F

import place
from network import Network, Shape, load, save

SEED = 10
CONTENT = 376
SUM = 188
FRAME, MATCH, ANSWER, OF_DOCUMENT, OF_QUERY, OPENS_QUERY, OPENS_DOCUMENT, ONE = range(376, 384)
SLOW = [*range(16, 32), *range(48, 64)]
FEED_FORWARD = 512
STEADY = 5


def main() -> None:
    torch.manual_seed(SEED)
    tokenizer = json.loads((place.MODELS / "demo-reranker/tokenizer.json").read_text())
    ids = tokenizer["model"]["vocab"] | {t["content"]: t["id"] for t in tokenizer["added_tokens"]}
    embedder = load(place.WORK / "embedder")
    shape = Shape(
        embedder.shape.vocab_size, intermediate_size=FEED_FORWARD, num_hidden_layers=3
    )
    network = Network(shape)
    with torch.no_grad():
        for name, weight in network.named_parameters():
            if "proj" in name:
                weight.normal_(0, 0.03)
            if "o_proj" in name or "down_proj" in name:
                weight.zero_()
        embeddings(network, embedder, ids)
        mark(network.layers[0].self_attn)
        match(network.layers[1].self_attn)
        end = embedder.embed_tokens.weight[ids["<|endoftext|>"]]
        summarise(network.layers[2].self_attn, embedder.layers[-1], end)
        multiply(network.layers[2].mlp)
    save(network, place.WORK / "reranker-start", True, ids["<|endoftext|>"])


def embeddings(network, embedder, ids: dict[str, int]) -> None:
    """The embedder's, all of one length, with the marks that belong to single tokens."""
    table = network.embed_tokens.weight
    content = embedder.embed_tokens.weight[:, :CONTENT]
    table.zero_()
    table[:, :CONTENT] = F.normalize(content, dim=1) * 384**0.5 * 0.5
    table[:, ONE] = 2
    for token, direction in (("Document", OPENS_DOCUMENT), ("Query", OPENS_QUERY)):
        table[ids[token], :CONTENT] = 0
        table[ids[token], direction] = 6
    for token in [t for t in ids if t.startswith("<|")] + ["<think>", "</think>", "assistant", "ĊĊ"]:
        table[ids[token], :CONTENT] = 0
        table[ids[token], FRAME] = 6
    # the last position's own word would stand where the summaries go
    table[ids["ĊĊ"], :CONTENT] = 0
    table[ids["ĊĊ"], ANSWER] = -3
    for token, sign in (("yes", 1), ("no", -1)):
        table[ids[token]] = 0
        table[ids[token], ANSWER] = sign * 0.4
        table[ids[token], ONE] = 0.1


def mark(attention) -> None:
    """Head 0: a query or document token looks for the word that opened its part."""
    one, document, query = 28, 29, 30
    attention.q_proj.weight[:64] = 0
    attention.k_proj.weight[:64] = 0
    attention.v_proj.weight[:64] = 0
    attention.k_proj.weight[one, ONE] = 1
    attention.k_proj.weight[document, OPENS_DOCUMENT] = 1
    attention.k_proj.weight[query, OPENS_QUERY] = 0.5
    attention.q_proj.weight[one, ONE] = -0.3
    attention.q_proj.weight[document, ONE] = 1
    attention.q_proj.weight[query, ONE] = 0.6
    attention.q_norm.weight.fill_(2.5)
    attention.v_proj.weight[0, OPENS_QUERY] = 0.107
    attention.v_proj.weight[1, OPENS_DOCUMENT] = 0.107
    attention.o_proj.weight[OF_QUERY, 0] = 1
    attention.o_proj.weight[OF_DOCUMENT, 1] = 1


def match(attention) -> None:
    """All heads, each in another view of the words: the like in the query, else oneself."""
    for head in range(6):
        rows = slice(64 * head, 64 * head + 64)
        view = torch.zeros(64, 384)
        view[SLOW[:-1], :CONTENT] = torch.randn(len(SLOW) - 1, CONTENT) / CONTENT**0.5
        key, query = view.clone(), view.clone()
        # content of length sqrt(31) against 0.75 of it for being the query's
        key[SLOW[-1], OF_QUERY] = 0.75 * 31**0.5 / 3.9
        query[SLOW[-1], ONE] = 0.75 * 31**0.5 / 3.9
        attention.k_proj.weight[rows] = key
        attention.q_proj.weight[rows] = query
        attention.v_proj.weight[64 * head] = 0
        attention.v_proj.weight[64 * head, OF_QUERY] = 0.25
        attention.o_proj.weight[MATCH, 64 * head] = 0.5
    attention.q_norm.weight.fill_(2.5)


def summarise(attention, layer, end) -> None:
    """Heads 0 to 2 the query, 3 to 5 the document, weighed as the embedder weighs its tokens."""
    source = layer.self_attn
    values = source.o_proj.weight @ source.v_proj.weight * layer.input_layernorm.weight
    values[:, CONTENT:] = 0
    seen = layer.input_layernorm(end)
    attention.q_norm.weight.fill_(1)
    attention.k_norm.weight.copy_(source.k_norm.weight)
    steady, flag, found = 29, 30, 31
    for head in range(6):
        like, part = head % 3, head // 3
        rows, old = slice(64 * head, 64 * head + 64), slice(64 * like, 64 * like + 64)
        asked = source.q_norm(source.q_proj.weight[old] @ seen)
        keys = source.k_proj.weight[old] * layer.input_layernorm.weight
        # far longer than what the words bring, so that the key norm leaves these as they are
        length = STEADY * keys.norm()
        keys[[steady, flag, found]] = 0
        keys[:, CONTENT:] = 0
        keys[flag, OF_DOCUMENT if part else OF_QUERY] = length / 3.9
        # words of the prompt have no part in it
        keys[flag, [FRAME, OPENS_QUERY, OPENS_DOCUMENT]] = -length
        keys[steady, ONE] = length / 3.9
        asked = asked * STEADY * 2**0.5
        asked[steady] = 0
        asked[flag] = 17 / attention.k_norm.weight[flag]
        asked[found] = 0
        if part:
            keys[found, MATCH] = length / 16
            asked[found] = 10 / attention.k_norm.weight[found]
        # a query head is scaled to length 8, then by its gain: all heads must share the gain
        attention.k_proj.weight[rows] = keys
        attention.q_proj.weight[rows] = 0
        attention.q_proj.weight[rows, ONE] = asked
        attention.v_proj.weight[rows] = values[old]
        for i in range(64):
            to = 64 * like + i
            if to < SUM:
                attention.o_proj.weight[to + SUM * part, 64 * head + i] = 1
    lengths = [attention.q_proj.weight[64 * h : 64 * h + 64, ONE].norm() for h in range(6)]
    attention.q_norm.weight.fill_(float(np.mean(lengths)) / 8)


def multiply(mlp) -> None:
    """Adds to the answer what query and document have in common."""
    for i in range(SUM):
        for sign, unit in ((1, i), (-1, SUM + i)):
            mlp.gate_proj.weight[unit] = 0
            mlp.up_proj.weight[unit] = 0
            mlp.gate_proj.weight[unit, i] = sign
            mlp.up_proj.weight[unit, SUM + i] = sign
            mlp.down_proj.weight[ANSWER, unit] = 8 / 192


if __name__ == "__main__":
    main()
