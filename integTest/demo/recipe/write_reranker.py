"""Writes the reranker: models/demo-reranker, built of the embedder.

Nothing of it is trained. Its numbers are set so that the network computes what is said here: with the little
time and text there is, training made it worse on queries it had not seen (README.md has the figures).

It adds two things up: the cosine of what the embedder makes of query and of document, and how many of the
query's words the document has, each counted once and rare ones more.

1. In the first layer each token of a query or a document looks for the word that opens its part of the
   prompt, and is marked by it.
2. The second is the embedder's one layer, at two places: the token that follows the query sums up the query,
   the one that follows the document the document. Beside it, one head of each token of the document looks for
   its like among those of the query, those of the document before it, and itself. Of k + 1 that are alike it
   finds the query's with 1 / (k + 1): the first of its kind can be told from all later ones, and is kept,
   weighed by its rarity.
3. In the last the end of the prompt fetches both sums, each of length 1 behind the norm, and the MLP multiplies
   them: silu(g) u + silu(-g) (-u) = g u exactly. One head adds up the words that were found; words of no worth
   beside them keep short documents from having the advantage.

The weakest directions of the embeddings give way to a code for each word, by which it is known from all
others, and to the marks.
"""

import json
import math
import random

import torch
import torch.nn.functional as F

import lexicon
import place
import prompts
from measure_embedder import embed
from network import Network, Shape, load, save

SEED = 10
HIDDEN, HEAD, HEADS = 384, 96, 5
# numbers of a word's meaning, then of its code; where something is summed up, both hold the sum
CONTENT, CODE = 327, range(327, 371)
SPACE = CODE.stop
# of a sum's directions those that are exactly the embedder's first, and those that are multiplied
EXACT, USED = 192, 185
MARKS = range(SPACE, HIDDEN)
FRAME, FOUND, SHARE, ANSWER, RARE, CLOSES, WEIGHT = MARKS[:7]
OF_DOCUMENT, OF_QUERY, OPENS_QUERY, OPENS_DOCUMENT, ONE, STILL = MARKS[7:]
# dimensions of a head that the rotation hardly turns within a prompt: some for codes, four for marks
SLOW = [*range(26, 47), *range(73, 96)]
MARKED = (44, 45, 46, 47)
SIZED = 1_000
# A document of so many words counts half as much for a word as an empty one would.
LENGTH = 80
# The logarithm of odds that a cosine of 1 is worth; a found word beside it, for each unit of idf in
# a document of LENGTH words; and at which sum of the two yes and no are even.
SCALE, WORD, EVEN = 16.0, 0.0076, 0.65
# length of a document's sum at the end; ANSWER of yes and, negative, of no, so great that little of ANSWER
# is needed at the last position, whose length it must not change; and what 1 of it is there in the logarithm of odds
SUMMED = 20.0
YES = 4.0
LOGIT = 2 * YES * HIDDEN**0.5 / (3**0.5 * SUMMED)
# length of a sum where it is made: marks beside it hardly count
LONG = 200.0
# what the norm of a layer multiplies a token's numbers by: 96 for its word's meaning, 25 for its code,
# 4 for ONE, for the part it belongs to and for SHARE, and some 2 for the rest
NORM = (HIDDEN / (96 + 25 + 3 * 4 + 2)) ** 0.5
# FOUND behind its norm, for each unit of idf; see keep_first. Great beside what rounding leaves of none
FOUND_IDF = 4 * NORM / 5
FOUND_VALUE = SCALE * WORD * 2 / FOUND_IDF / LOGIT * LENGTH
# what a head's queries may add to the logarithm of a weight
SHARP = 40.0


def main() -> None:
    torch.manual_seed(SEED)
    random.seed(SEED)
    tokenizer = json.loads((place.MODELS / "demo-reranker/tokenizer.json").read_text())
    ids = tokenizer["model"]["vocab"] | {t["content"]: t["id"] for t in tokenizer["added_tokens"]}
    embedder = load(place.WORK / "embedder")
    inner = embedder.shape.intermediate_size
    shape = Shape(
        embedder.shape.vocab_size,
        intermediate_size=inner + 2,
        num_hidden_layers=3,
        num_attention_heads=HEADS,
        num_key_value_heads=HEADS,
        head_dim=HEAD,
    )
    network = Network(shape)
    with torch.no_grad():
        for name, weight in network.named_parameters():
            if "proj" in name:
                weight.zero_()
        embeddings(network, embedder, ids)
        mark(network.layers[0].self_attn)
        summarise(network.layers[1], embedder, ids["<|endoftext|>"])
        match(network.layers[1].self_attn)
        keep_first(network.layers[1].mlp, inner)
        fetch(network.layers[2].self_attn, embedder)
        collect(network.layers[2].self_attn)
        multiply(network.layers[2].mlp)
    save(network, place.MODELS / "demo-reranker", True, ids["<|endoftext|>"])


def embeddings(network, embedder, ids: dict[str, int]) -> None:
    """The embedder's, all of one length, with the marks that belong to single tokens."""
    table = network.embed_tokens.weight
    kinds = lexicon.words(ids)
    table.zero_()
    content = embedder.embed_tokens.weight @ axes(embedder)
    table[:, :CONTENT] = F.normalize(content, dim=1) * 96**0.5
    codes = {kind: F.normalize(torch.randn(len(CODE)), dim=0) * 5 for kind in dict.fromkeys(kinds)}
    table[: len(kinds), CODE.start : CODE.stop] = torch.stack([codes[kind] for kind in kinds])
    table[:, ONE] = 2
    table[: len(ids), RARE] = lexicon.rarity(kinds) / 5
    table[: len(ids), WEIGHT] = weights(embedder, ids["<|endoftext|>"])[: len(ids)] / 4
    for token in ids:
        if token.startswith("<|"):
            alone(table[ids[token]], FRAME, 6)
    for token in ("</think>", "ĊĊ", "Ċ", "<", ">", ":"):
        alone(table[ids[token]], FRAME, 6)
    alone(table[ids["Document"]], OPENS_DOCUMENT, 6)
    alone(table[ids["Query"]], OPENS_QUERY, 6)
    alone(table[ids["<|im_end|>"]], CLOSES, 2)
    alone(table[ids["<think>"]], CLOSES, -2)
    # what stands at the last position decides how much the length of the sums matters: see multiply
    alone(table[ids["ĊĊ"]], ANSWER, -EVEN * SCALE / LOGIT)
    table[ids["ĊĊ"], STILL] = (1.5 * SUMMED**2 - table[ids["ĊĊ"], ANSWER] ** 2) ** 0.5
    for token, answer in (("yes", YES), ("no", -YES)):
        alone(table[ids[token]], ANSWER, answer)
        table[ids[token], ONE] = 2


def alone(row, direction: int, size: float) -> None:
    """Makes a token nothing but a mark."""
    row.zero_()
    row[direction] = size


def axes(embedder) -> torch.Tensor:
    """The main directions [HIDDEN, CONTENT] of the embedder's tokens."""
    table = F.normalize(embedder.embed_tokens.weight, dim=1)
    return torch.linalg.svd(table.T @ table)[0][:, :CONTENT]


def weights(embedder, end: int) -> torch.Tensor:
    """The logarithm of the weight that a token has in the embedder's sum; its heads weigh alike."""
    states = embedder.layers[-1].input_layernorm(embedder.embed_tokens.weight)
    attention = embedder.layers[-1].self_attn
    keys = attention.k_norm(attention.k_proj(states)[:, :HEAD])
    query = attention.q_norm(attention.q_proj(states[end])[:HEAD])
    found = keys @ query / HEAD**0.5
    return found - found.mean()


def mark(attention) -> None:
    """Head 0: a query or document token looks for the word that opened its part.

    The token that closes the document looks, too. What stands in no part finds the prompt's signs.
    """
    one, document, query, _ = MARKED
    attention.k_proj.weight[one, ONE] = 1
    attention.k_proj.weight[document, OPENS_DOCUMENT] = 1
    attention.k_proj.weight[query, OPENS_QUERY] = 1
    for asking in (ONE, CLOSES):
        attention.q_proj.weight[one, asking] = -0.3
        attention.q_proj.weight[document, asking] = 1
        attention.q_proj.weight[query, asking] = 0.6
    attention.q_norm.weight.fill_(2.5)
    attention.v_proj.weight[0, OPENS_QUERY] = attention.v_proj.weight[1, OPENS_DOCUMENT] = 0.102
    attention.o_proj.weight[OF_QUERY, 0] = attention.o_proj.weight[OF_DOCUMENT, 1] = 1


def summarise(layer, embedder, end: int) -> None:
    """Heads 0 to 3 and the MLP are the embedder's layer, where a query or a document ends.

    A key tells to which part a token belongs, 1 beside a steady 1, and its weight, a little beside both, so
    that the key norm changes nothing. All that sums nothing up looks at the prompt's signs, which give nothing.
    """
    attention, own = layer.self_attn, embedder.layers[-1]
    # slow dimensions, as all that keys and queries use here
    steady, of_query, of_document, weight, nothing, filling = 46, 47, 94, 95, 45, 93
    little = 0.2
    key = torch.zeros(HEAD, HIDDEN)
    key[steady, ONE] = key[of_query, OF_QUERY] = key[of_document, OF_DOCUMENT] = 1 / (2 * NORM)
    key[weight, WEIGHT] = little / NORM
    key[nothing, [FRAME, OPENS_QUERY, OPENS_DOCUMENT, CLOSES, STILL]] = 1
    query = torch.zeros(HEAD, HIDDEN)
    for asking, part in ((OPENS_DOCUMENT, of_query), (CLOSES, of_document)):
        query[part, asking] = 24
        query[weight, asking] = 2**0.5 * 4 / little
        query[filling, asking] = (SHARP**2 - 24**2 - 32 / little**2) ** 0.5
    query[nothing, [ONE, STILL]] = SHARP
    found = sums(embedder, end)
    basis = directions(found)
    values = own.self_attn.o_proj.weight @ own.self_attn.v_proj.weight * own.input_layernorm.weight
    values = basis @ values @ axes(embedder) * 2 / NORM
    for head in range(4):
        rows = slice(HEAD * head, HEAD * head + HEAD)
        attention.k_proj.weight[rows], attention.q_proj.weight[rows] = key, query
    size = LONG / found.norm(dim=1).mean()
    attention.v_proj.weight[:SPACE, :CONTENT] = values
    attention.v_proj.weight[:SPACE, ONE] = basis @ embedder.embed_tokens.weight[end] / (2 * NORM)
    attention.o_proj.weight[:SPACE, :SPACE] = size * torch.eye(SPACE)
    attention.q_norm.weight.fill_(SHARP / HEAD**0.5)
    inner = own.mlp.gate_proj.weight.shape[0]
    reading = own.post_attention_layernorm.weight * basis
    layer.mlp.gate_proj.weight[:inner, :SPACE] = own.mlp.gate_proj.weight @ reading.T
    layer.mlp.up_proj.weight[:inner, :SPACE] = own.mlp.up_proj.weight @ reading.T
    layer.mlp.down_proj.weight[:SPACE, :inner] = size * basis @ own.mlp.down_proj.weight
    # closed for words
    layer.mlp.gate_proj.weight[:inner, ONE] = -5


def sums(embedder, end: int) -> torch.Tensor:
    """What the embedder's attention makes of queries and documents [texts, HIDDEN]."""
    tokens = prompts.tokenizer(place.MODELS / "demo-embedding")
    layer = embedder.layers[-1]
    states = layer.input_layernorm(embedder.embed_tokens.weight)
    values = layer.self_attn.o_proj(layer.self_attn.v_proj(states))
    by_token = weights(embedder, end)
    pairs = lexicon.sample(SIZED)
    lines = prompts.encode(tokens, [p[k] for k in ("query", "document") for p in pairs], 96)
    return torch.stack(
        [by_token[i].softmax(0) @ values[i] + embedder.embed_tokens.weight[end] for i in lines]
    )


def directions(found: torch.Tensor) -> torch.Tensor:
    """The directions of sums that are kept [SPACE, HIDDEN]: the first ones, and the main ones of the others."""
    rest = found[:, EXACT:]
    basis = torch.zeros(SPACE, HIDDEN)
    basis[:EXACT, :EXACT] = torch.eye(EXACT)
    basis[EXACT:, EXACT:] = torch.linalg.svd(rest.T @ rest)[0][:, : SPACE - EXACT].T
    return basis


def match(attention) -> None:
    """Head 4: the share of the query's among one's like.

    Words of query and document count alike, those of the prompt a hundredth (3 against 5.4, the length
    of a code).
    """
    rows = slice(HEAD * 4, HEAD * 5)
    key = torch.zeros(HEAD, HIDDEN)
    for i, code in zip(SLOW, CODE, strict=True):
        key[i, code] = 5.4 / (5 * NORM)
    query = key.clone()
    key[47, [OF_QUERY, OF_DOCUMENT]] = query[47, ONE] = 3 / (2 * NORM)
    attention.k_proj.weight[rows], attention.q_proj.weight[rows] = key, query
    attention.v_proj.weight[HEAD * 4, OF_QUERY] = 1 / (2 * NORM)
    attention.o_proj.weight[SHARE, HEAD * 4] = 4


def keep_first(mlp, first: int) -> None:
    """FOUND becomes the rarity of words that are the query's, the first time they come.

    A step of two ramps: silu(30 x) is 30 x above 0 and nothing below. The first of its kind shares
    with one, 1 / 2, the next with two, 1 / 3; the step goes from 0.40 to 0.47.
    """
    for unit, (share, sign) in enumerate(((0.40, 1), (0.47, -1)), first):
        mlp.gate_proj.weight[unit, SHARE] = 30
        mlp.gate_proj.weight[unit, ONE] = -30 * share * 4 / 2
        mlp.up_proj.weight[unit, RARE] = 1
        mlp.down_proj.weight[FOUND, unit] = 4 * sign / (30 * 0.14 * 2 * NORM * NORM)


def fetch(attention, embedder) -> None:
    """Heads 0 and 1 fetch the query's sum, 2 and 3 the document's; what stands at the last position asks.

    The token that closes the document is known from the one that closes the prompt's first part by being of
    the document.
    """
    one, opens, closes, of_document = MARKED
    others = 93
    gain = embedder.norm.weight[:USED]
    of_query, of_text = lengths(embedder)
    for head in range(4):
        start = HEAD * head
        attention.k_proj.weight[start + one, ONE] = 1
        attention.k_proj.weight[start + opens, OPENS_DOCUMENT] = 1
        attention.k_proj.weight[start + closes, CLOSES] = 1
        attention.k_proj.weight[start + of_document, OF_DOCUMENT] = 1
        # all others have a key of their own, too: the norm would make one of the little that rounding leaves
        attention.k_proj.weight[start + others, [FRAME, OPENS_QUERY, STILL]] = 1
        if head < 2:
            attention.q_proj.weight[start + opens, STILL] = SHARP
        else:
            attention.q_proj.weight[start + closes, STILL] = SHARP / 2**0.5
            attention.q_proj.weight[start + of_document, STILL] = SHARP / 2**0.5
        part = range(HEAD * (head % 2), min(HEAD * (head % 2) + HEAD, USED))
        size = 0.7 * SUMMED / of_query if head < 2 else SUMMED / of_text
        for row, i in enumerate(part, start):
            attention.v_proj.weight[row, i] = gain[i]
            attention.o_proj.weight[i + (0 if head < 2 else USED), row] = size
    attention.q_norm.weight.fill_(SHARP / HEAD**0.5)


def lengths(embedder) -> list[float]:
    """Mean lengths of what is multiplied of the embedder's queries and of its documents."""
    tokens = prompts.tokenizer(place.MODELS / "demo-embedding")
    pairs = lexicon.sample(SIZED)
    lines = (prompts.encode(tokens, [p[k] for p in pairs], 96) for k in ("query", "document"))
    return [embed(embedder, part)[:, :USED].norm(dim=1).mean().item() for part in lines]


def collect(attention) -> None:
    """Head 4 adds up what was found; <think> stands for LENGTH words of no worth.

    Of a word's key, the flag is as long as the steady part, and of that of <think> so much longer that it
    weighs LENGTH times as much.
    """
    steady, flag, filling, _ = MARKED
    sharp = 24
    part = 0.5**0.5 + math.log(LENGTH) / sharp
    start = HEAD * 4
    attention.k_proj.weight[start + steady, ONE] = 1
    attention.k_proj.weight[start + flag, OF_DOCUMENT] = 1
    attention.k_proj.weight[start + steady, CLOSES] = -((1 - part**2) ** 0.5)
    attention.k_proj.weight[start + flag, CLOSES] = -part
    attention.k_proj.weight[start + flag, [FRAME, OPENS_QUERY, OPENS_DOCUMENT, STILL]] = -1
    attention.q_proj.weight[start + flag, STILL] = sharp
    attention.q_proj.weight[start + filling, STILL] = (SHARP**2 - sharp**2) ** 0.5
    attention.v_proj.weight[start, FOUND] = FOUND_VALUE
    attention.o_proj.weight[ANSWER, start] = 1


def multiply(mlp) -> None:
    """Adds to the answer what query and document have in common.

    The norms before the MLP and before the head divide by the length J of the whole state, where
    J^2 is d^2 for the document's sum and 2 SUMMED^2 for all else. d / J^3, by which a cosine counts,
    is greatest where d is SUMMED and nearly even around it: long sums and short ones count alike.
    """
    for i in range(USED):
        for sign, unit in ((1, i), (-1, USED + i)):
            mlp.gate_proj.weight[unit, i] = sign
            mlp.up_proj.weight[unit, USED + i] = sign
            mlp.down_proj.weight[ANSWER, unit] = SCALE / (LOGIT * HIDDEN * 0.7 / 3)


if __name__ == "__main__":
    main()
