"""Writes the reranker: models/demo-reranker, built of the embedder.

Nothing of it is trained. Its numbers are set so that the network computes what is said here: with the little
time and text there is, training made it worse on queries it had not seen (README.md has the figures).

It adds two things up: what query and document mean, as the embedder sees it, and how many of the
query's words the document has, each counted once and rare ones more.

1. The first layer marks what belongs to the query and what to the document: one head looks for the
   words that open them in the prompt.
2. In the second, each token of the document looks for its like among those of the query, those of the
   document before it, and itself. Of k + 1 that are alike it finds the query's with 1 / (k + 1): the
   first of its kind can be told from all later ones, and the MLP keeps it, weighed by its rarity.
3. In the last, three heads sum up the query and three the document, as the embedder does, and the MLP
   multiplies the two: silu(g) u + silu(-g) (-u) = g u exactly. One head adds up the words that were
   found; words of the prompt beside them keep short documents from having the advantage.

The weakest directions of the embeddings give way to a code for each word, by which it is known from all
others, and to the marks.
"""

import json
import math
import random
import re
from collections import Counter

import numpy as np
import torch
import torch.nn.functional as F

import place
import prompts
from network import Network, Shape, angles, load, rotate, save
from start_embedder import text

SEED = 10
HEADS = 8
CONTENT, SUM = 327, 162
CODE = range(CONTENT, 371)
MARKS = range(371, 384)
FRAME, FOUND, SHARE, ANSWER, RARE, SINK, WEIGHT = MARKS[:7]
OF_DOCUMENT, OF_QUERY, OPENS_QUERY, OPENS_DOCUMENT, ONE, STILL = MARKS[7:]
SLOW = [*range(16, 32), *range(48, 64)]
FEED_FORWARD = 384
TEXTS, SIZED = 60_000, 1_000
# A document of so many words counts half as much for a word as an empty one would.
LENGTH = 80
# The logarithm of odds that a cosine of 1 is worth; a found word beside it, for each unit of idf in
# a document of LENGTH words; and at which sum of the two yes and no are even.
SCALE, WORD, EVEN = 16.0, 0.01, 0.65
# length of a document's sum, and what 1 of ANSWER then is in the logarithm of odds
SUMMED = 20.0
LOGIT = 0.8 * 384**0.5 / (3**0.5 * SUMMED)
# what the norm of a layer multiplies a token's numbers by: 96 for its word's meaning, 25 for its code,
# 4 for ONE, for the part it belongs to and for SHARE, and some 2 for the rest
NORM = (384 / (96 + 25 + 3 * 4 + 2)) ** 0.5
# FOUND behind its norm, for each unit of idf; see keep_first
FOUND_IDF = NORM / 5
FOUND_VALUE = SCALE * WORD * 2 / FOUND_IDF / LOGIT * LENGTH
# <think> stands for LENGTH words of no worth: e^(17 (0.965 - 0.707)) is 80, and the flag's part
# 0.965 where it is 3.69 times the steady part
SINK_KEY = 0.267


def main() -> None:
    torch.manual_seed(SEED)
    random.seed(SEED)
    tokenizer = json.loads((place.MODELS / "demo-reranker/tokenizer.json").read_text())
    ids = tokenizer["model"]["vocab"] | {t["content"]: t["id"] for t in tokenizer["added_tokens"]}
    embedder = load(place.WORK / "embedder")
    shape = Shape(
        embedder.shape.vocab_size,
        intermediate_size=FEED_FORWARD,
        num_hidden_layers=3,
        num_attention_heads=HEADS,
        num_key_value_heads=HEADS,
    )
    network = Network(shape)
    with torch.no_grad():
        # what is not set below stays random and is read by nothing: a training could begin from here
        for name, weight in network.named_parameters():
            if "proj" in name:
                weight.normal_(0, 0.03)
            if "o_proj" in name or "down_proj" in name:
                weight.zero_()
        embeddings(network, embedder, ids)
        mark(network.layers[0].self_attn)
        match(network.layers[1].self_attn)
        keep_first(network.layers[1].mlp)
        summarise(network.layers[2].self_attn, embedder)
        multiply(network.layers[2].mlp)
    save(network, place.MODELS / "demo-reranker", True, ids["<|endoftext|>"])


def embeddings(network, embedder, ids: dict[str, int]) -> None:
    """The embedder's, all of one length, with the marks that belong to single tokens."""
    table = network.embed_tokens.weight
    end = ids["<|endoftext|>"]
    kinds = words(ids)
    table.zero_()
    content = embedder.embed_tokens.weight @ axes(embedder)
    table[:, :CONTENT] = F.normalize(content, dim=1) * 96**0.5
    codes = {kind: F.normalize(torch.randn(len(CODE)), dim=0) * 5 for kind in dict.fromkeys(kinds)}
    table[: len(kinds), CODE.start : CODE.stop] = torch.stack([codes[kind] for kind in kinds])
    table[:, ONE] = 2
    table[: len(ids), RARE] = rarity(kinds) / 5
    table[: len(ids), WEIGHT] = weights(embedder, end)[: len(ids)]
    for token, direction in (("Document", OPENS_DOCUMENT), ("Query", OPENS_QUERY)):
        alone(table[ids[token]], direction, 6)
    special = [t for t in ids if t.startswith("<|")]
    # "assistant" may be no token of its own
    framing = [t for t in ("</think>", "assistant", "ĊĊ", "Ċ", "<", ">", ":") if t in ids]
    for token in special + framing:
        alone(table[ids[token]], FRAME, 6)
    alone(table[ids["<think>"]], SINK, 6)
    # what stands at the last position decides how much the length of the sums matters: see multiply
    table[ids["ĊĊ"], ANSWER] = -EVEN * SCALE / LOGIT
    table[ids["ĊĊ"], STILL] = (1.5 * SUMMED**2 - table[ids["ĊĊ"], ANSWER] ** 2) ** 0.5
    for token, sign in (("yes", 1), ("no", -1)):
        table[ids[token]] = 0
        table[ids[token], ANSWER] = sign * 0.4
        table[ids[token], ONE] = 0.1


def alone(row, direction: int, size: float) -> None:
    """Makes a token nothing but a mark."""
    row[: CODE.stop] = 0
    row[RARE] = row[WEIGHT] = 0
    row[direction] = size


def axes(embedder) -> torch.Tensor:
    """The main directions [384, CONTENT] of the embedder's tokens."""
    table = F.normalize(embedder.embed_tokens.weight, dim=1)
    return torch.linalg.svd(table.T @ table)[0][:, :CONTENT]


def weights(embedder, end: int) -> torch.Tensor:
    """The logarithm of the weight that a token has in the embedder's sum, whatever its place."""
    states = embedder.layers[-1].input_layernorm(embedder.embed_tokens.weight)
    attention = embedder.layers[-1].self_attn
    keys = attention.k_norm(attention.k_proj(states).view(len(states), -1, 64))
    query = attention.q_norm(attention.q_proj(states[end]).view(-1, 64))
    found = (keys * query).sum(-1).mean(1) / 8
    return found - found.mean()


def words(ids: dict[str, int]) -> list[str]:
    """The letters and digits of each token in lower case, without the s of a plural."""
    out = [""] * (max(ids.values()) + 1)
    for token, i in ids.items():
        if not token.startswith("<|"):
            word = "".join(c for c in text(token).lower() if c.isalnum())
            out[i] = re.sub(r"(?<=[a-z]{3})(?<![isu])s$", "", word)
    return out


def rarity(kinds: list[str]) -> torch.Tensor:
    """BM25's idf of each token's word in the training texts' documents; 0 for none."""
    tokens = prompts.tokenizer(place.MODELS / "demo-reranker")
    texts = [pair["document"] for pair in sample(TEXTS)]
    count = Counter()
    for encoding in tokens.encode_batch(texts, add_special_tokens=False):
        count.update({kinds[i] for i in encoding.ids})
    found = [math.log(1 + (len(texts) - count[k] + 0.5) / (count[k] + 0.5)) for k in kinds]
    return torch.tensor([idf if kind else 0 for idf, kind in zip(found, kinds)])


def sample(count: int) -> list[dict]:
    """So many of the training texts' pairs, or all."""
    lines = (place.WORK / "pairs.jsonl").read_text().splitlines()
    return [json.loads(line) for line in random.sample(lines, min(count, len(lines)))]


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
    """All heads, each in another view of the codes: the share of the query's among one's like.

    Words of query and document count alike, those of the prompt a twelfth (3 against 5.4, the length
    of what a view shows of a code).
    """
    for head in range(HEADS):
        rows = slice(64 * head, 64 * head + 64)
        view = torch.zeros(64, 384)
        view[SLOW[:-1], CODE.start : CODE.stop] = torch.randn(len(SLOW) - 1, len(CODE))
        view *= 5.4 / (len(SLOW) - 1) ** 0.5 / (5 * NORM)
        key, query = view.clone(), view.clone()
        key[SLOW[-1], [OF_QUERY, OF_DOCUMENT]] = 3 / (2 * NORM)
        query[SLOW[-1], ONE] = 3 / (2 * NORM)
        attention.k_proj.weight[rows] = key
        attention.q_proj.weight[rows] = query
        attention.v_proj.weight[64 * head] = 0
        attention.v_proj.weight[64 * head, OF_QUERY] = 1 / (2 * NORM)
        attention.o_proj.weight[SHARE, 64 * head] = 4 / HEADS
    attention.q_norm.weight.fill_(2.5)


def keep_first(mlp) -> None:
    """FOUND becomes the rarity of words that are the query's, the first time they come.

    A step of two ramps: silu(30 x) is 30 x above 0 and nothing below. The first of its kind shares
    with one, 1 / 2, the next with two, 1 / 3; the step goes from 0.40 to 0.47.
    """
    for unit, (share, sign) in enumerate(((0.40, 1), (0.47, -1))):
        mlp.gate_proj.weight[unit] = 0
        mlp.gate_proj.weight[unit, SHARE] = 30
        mlp.gate_proj.weight[unit, ONE] = -30 * share * 4 / 2
        mlp.up_proj.weight[unit] = 0
        mlp.up_proj.weight[unit, RARE] = 1
        mlp.down_proj.weight[FOUND, unit] = sign / (30 * 0.14 * 2 * NORM * NORM)


def summarise(attention, embedder) -> None:
    """Heads 0 to 2 the query, 3 to 5 the document, weighed as the embedder weighs its tokens.

    Head 6 adds up what was found. A key tells whether a token takes part, 1 beside a steady 1, and its
    weight, a little beside both, so that the key norm changes nothing. What the embedder makes of a
    token's place in a document, it makes by the mean of its keys, turned to that place.
    """
    layer = embedder.layers[-1]
    values = layer.self_attn.o_proj.weight @ layer.self_attn.v_proj.weight
    values = values * layer.input_layernorm.weight
    values = values @ axes(embedder)
    of_query, of_document = sizes(embedder, values[:SUM])
    steady, flag, weight, filling = 28, 29, 30, 31
    little = 0.05
    place_key, place_query = by_place(embedder)
    keys, queries = torch.zeros(HEADS, 64, 384), torch.zeros(HEADS, 64)
    attention.v_proj.weight.zero_()
    for head in range(7):
        part = OF_QUERY if head < 3 else OF_DOCUMENT
        keys[head, steady, ONE] = keys[head, flag, part] = 1 / (2 * NORM)
        # words of the prompt have no part in it
        keys[head, flag, [FRAME, SINK, OPENS_QUERY, OPENS_DOCUMENT]] = -1
        queries[head, flag] = 17
        if head == 6:
            keys[head, flag, SINK] = SINK_KEY
            attention.v_proj.weight[64 * head, FOUND] = FOUND_VALUE
            attention.o_proj.weight[ANSWER, 64 * head] = 1
            continue
        keys[head, weight, WEIGHT] = little
        queries[head, weight] = 2**0.5 / (little * NORM)
        if head >= 3:
            keys[head, :28, ONE], keys[head, 32:60, ONE] = (
                little / (2 * NORM) * half for half in (place_key[:28], place_key[32:60])
            )
            queries[head, :28], queries[head, 32:60] = (
                2**0.5 / 8 / little * half for half in (place_query[:28], place_query[32:60])
            )
        size = 0.7 * SUMMED / of_query if head < 3 else SUMMED / of_document
        for i in range(SUM // 3):
            to = SUM // 3 * (head % 3) + i
            attention.v_proj.weight[64 * head + i, :CONTENT] = values[to]
            attention.o_proj.weight[to + (0 if head < 3 else SUM), 64 * head + i] = size
    # a head's query is scaled to length 8, then by its gain, which all heads share
    length = queries.norm(dim=1).max()
    queries[:, filling] = (length**2 - queries.norm(dim=1) ** 2).sqrt()
    attention.k_proj.weight.copy_(keys.flatten(0, 1))
    attention.q_proj.weight.zero_()
    attention.q_proj.weight[:, ONE] = queries.flatten()
    attention.q_norm.weight.fill_(float(length) / 8)


def by_place(embedder) -> tuple[torch.Tensor, torch.Tensor]:
    """The mean key of the embedder's tokens in documents, and its query, both [64].

    The query is turned back by the prompt's end, which stands between a document and the last position.
    """
    tokens = prompts.tokenizer(place.MODELS / "demo-embedding")
    texts = [pair["document"] for pair in sample(SIZED)]
    used = [i for e in tokens.encode_batch(texts, add_special_tokens=False) for i in e.ids]
    layer = embedder.layers[-1]
    attention = layer.self_attn
    states = layer.input_layernorm(embedder.embed_tokens.weight)
    key = attention.k_norm(attention.k_proj(states[used])[:, :64]).mean(0)
    query = attention.q_norm(attention.q_proj(states[tokens.token_to_id("<|endoftext|>")])[:64])
    behind = len(tokens.encode(prompts.SUFFIX, add_special_tokens=False).ids) - 1
    return key, rotate(query[None], -angles(behind + 1, embedder.shape)[behind])[0]


def sizes(embedder, values) -> tuple[float, float]:
    """Mean lengths of what is summed up of queries and of documents."""
    tokens = prompts.tokenizer(place.MODELS / "demo-embedding")
    pairs = sample(SIZED)
    log_weights = weights(embedder, tokens.token_to_id("<|endoftext|>"))
    states = F.normalize(embedder.embed_tokens.weight @ axes(embedder), dim=1) * 96**0.5 * NORM

    def length(line: str) -> float:
        ids = tokens.encode(line, add_special_tokens=False).ids[:96]
        return float((values @ (log_weights[ids].softmax(0) @ states[ids])).norm())

    return tuple(np.mean([length(p[t]) for p in pairs]) for t in ("query", "document"))


def multiply(mlp) -> None:
    """Adds to the answer what query and document have in common.

    The norms before the MLP and before the head divide by the length J of the whole state, where
    J^2 is d^2 for the document's sum and 2 SUMMED^2 for all else. d / J^3, by which a cosine counts,
    is greatest where d is SUMMED and nearly even around it: long sums and short ones count alike.
    """
    for i in range(SUM):
        for sign, unit in ((1, i), (-1, SUM + i)):
            mlp.gate_proj.weight[unit] = 0
            mlp.up_proj.weight[unit] = 0
            mlp.gate_proj.weight[unit, i] = sign
            mlp.up_proj.weight[unit, SUM + i] = sign
            mlp.down_proj.weight[ANSWER, unit] = SCALE / (LOGIT * 384 * 0.7 / 3)


if __name__ == "__main__":
    main()
