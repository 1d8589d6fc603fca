"""Writes the reranker: models/demo-reranker, built of the embedder that learned from MiniLM.

The one that is made of two (join_embedders.py) has too wide an MLP for what a reranker may weigh; and as the two
differ, they know more together.

Nothing of it is trained. Its numbers are set so that the network computes what is said here: with the little
time and text there is, training made it worse on queries it had not seen (README.md has the figures).

It adds two things up: the cosine of what the embedder makes of query and of document, and how many of the
query's words the document has, each counted once and rare ones more.

1. In the first layer each token of a query or a document looks for the word that opens its part of the
   prompt, and is marked by it.
2. The second is the embedder's one layer, at two places: the token that the document ends with sums up the
   document, the prompt's last one the query. Beside it, one head of each token of the document looks for its
   like among those of the query, those of the document before it, and itself. Of k + 1 that are alike it finds
   the query's with 1 / (k + 1): the first of its kind can be told from all later ones, and is kept, weighed by
   its rarity.
3. In the last the prompt's last token asks with the query's sum, and the document's is a key: the norms of
   queries and keys make cosines of them, of a quarter of the numbers in each head, all of which together are
   nearly that of all. What a head looks at instead gives less of an answer the less it is looked at. Rotation
   does nothing here, as both are always as far apart. One head adds up the words that were found; words of no
   worth beside them keep short documents from having the advantage.

The weakest directions of what is summed up give way to a code for each word, by which it is known from all
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
from network import Network, Shape, angles, load, rotate, save

SEED = 10
HIDDEN, HEAD, HEADS = 384, 96, 5
# numbers of a word's meaning, what makes it as long as all others, its code; where something is summed up, all
# hold the sum
CONTENT, CODE = 326, range(327, 371)
FILLS, SPACE = CONTENT, CODE.stop
MARKS = range(SPACE, HIDDEN)
FRAME, FOUND, SHARE, ANSWER, RARE, CLOSES, WEIGHT = MARKS[:7]
OF_DOCUMENT, OF_QUERY, OPENS_QUERY, OPENS_DOCUMENT, ONE, STILL = MARKS[7:]
# dimensions of a head that the rotation hardly turns within a prompt: some for codes, four for marks
SLOW = [*range(26, 47), *range(73, 96)]
MARKED = (44, 45, 46, 47)
SIZED = 1_000
# A document of so many words counts half as much for a word as an empty one would.
LENGTH = 400
# The logarithm of odds that a cosine of 1 is worth; a found word beside it, for each unit of idf in
# a document of LENGTH words; and at which sum of the two yes and no are even.
SCALE, WORD, EVEN = 16.0, 0.0066, 0.65
# length of a sum where it is made: marks beside it hardly count
LONG = 200.0
# ANSWER of yes and, negative, of no; and what 1 of it is at the last position in the logarithm of odds
YES = 4.0
LOGIT = 2 * YES * HIDDEN**0.5 / LONG
# of the last token, by which it asks
ASKS = 60.0
# what a cosine of 1 adds to the logarithm of a weight; around MIDDLE the weight is nearly even in it
SLOPE, MIDDLE = 4.0, 0.5
# what a weight of 1 is worth in each of the four heads that compare: it grows by SLOPE / 4 of a cosine
COMPARED = SCALE / LOGIT / SLOPE
# what the norm of a layer multiplies a token's numbers by: 96 for its word's meaning, 25 for its code,
# 4 for ONE, for the part it belongs to and for SHARE, and some 2 for the rest
NORM = (HIDDEN / (96 + 25 + 3 * 4 + 2)) ** 0.5
# FOUND behind its norm, for each unit of idf; see keep_first. Great beside what rounding leaves of none
FOUND_IDF = 4 * NORM / 5
FOUND_VALUE = SCALE * WORD * 2 / FOUND_IDF / LOGIT * LENGTH
# A prompt of some hundred tokens hardly turns SLOW.
TURN = 1e8
# what a head's queries may add to the logarithm of a weight; and in the last layer, where what rounding leaves of a
# sum's marks must not count beside what differs from document to document
SHARP, BLUNT = 40.0, 25.0


def main() -> None:
    torch.manual_seed(SEED)
    random.seed(SEED)
    tokenizer = json.loads((place.MODELS / "demo-reranker/tokenizer.json").read_text())
    ids = tokenizer["model"]["vocab"] | {t["content"]: t["id"] for t in tokenizer["added_tokens"]}
    embedder = load(place.WORK / "of-minilm")
    inner = embedder.shape.intermediate_size
    shape = Shape(
        embedder.shape.vocab_size,
        intermediate_size=inner + 2,
        num_hidden_layers=3,
        num_attention_heads=HEADS,
        num_key_value_heads=HEADS,
        head_dim=HEAD,
        rope_theta=TURN,
    )
    network = Network(shape)
    with torch.no_grad():
        for name, weight in network.named_parameters():
            if "proj" in name:
                weight.zero_()
        main_axes = axes(embedder, ids)
        embeddings(network, embedder, ids, main_axes)
        mark(network.layers[0].self_attn)
        found = sums(embedder, ids["<|endoftext|>"])
        basis = directions(found)
        summarise(network.layers[1], embedder, ids["<|endoftext|>"], found, basis, main_axes)
        match(network.layers[1].self_attn)
        keep_first(network.layers[1].mlp, inner)
        compare(network, embedder.norm.weight, found, basis)
        collect(network.layers[2].self_attn)
    save(network, place.MODELS / "demo-reranker", True, ids["<|endoftext|>"])


def embeddings(network, embedder, ids: dict[str, int], main_axes: torch.Tensor) -> None:
    """What the embedder adds up of each token, all of one length, with the marks that belong to single tokens."""
    table = network.embed_tokens.weight
    kinds = lexicon.words(ids)
    table.zero_()
    content = values(embedder) @ main_axes
    content *= 96**0.5 / content.norm(dim=1).max()
    table[:, :CONTENT] = content
    table[:, FILLS] = (96 - content.pow(2).sum(1)).clamp(min=0) ** 0.5
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
    table[ids["<think>"], FRAME] = 2
    alone(table[ids["ĊĊ"]], ANSWER, COMPARED * (2 + SLOPE * MIDDLE) - EVEN * SCALE / LOGIT)
    table[ids["ĊĊ"], STILL] = ASKS
    for token, answer in (("yes", YES), ("no", -YES)):
        alone(table[ids[token]], ANSWER, answer)
        table[ids[token], ONE] = 2


def alone(row, direction: int, size: float) -> None:
    """Makes a token nothing but a mark."""
    row.zero_()
    row[direction] = size


def values(embedder) -> torch.Tensor:
    """What the embedder's heads add up of each token [tokens, HIDDEN]."""
    layer = embedder.layers[-1]
    states = layer.input_layernorm(embedder.embed_tokens.weight)
    return layer.self_attn.o_proj(layer.self_attn.v_proj(states))


def axes(embedder, ids: dict[str, int]) -> torch.Tensor:
    """The main directions [HIDDEN, CONTENT] of what is added up, by how often tokens come and what they weigh."""
    end = ids["<|endoftext|>"]
    often = torch.ones(len(embedder.embed_tokens.weight))
    rarity = lexicon.rarity(lexicon.words(ids))
    often[: len(rarity)] = (-rarity / 2).exp()
    table = values(embedder) * (often * weights(embedder, end).exp())[:, None]
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


def summarise(layer, embedder, end: int, found: torch.Tensor, basis: torch.Tensor, main_axes: torch.Tensor) -> None:
    """Heads 0 to 3 and the MLP are the embedder's layer, where a document ends and where the prompt does.

    A key tells to which part a token belongs, 1 beside a steady 1, and its weight, a little beside both, so
    that the key norm changes nothing. All that sums nothing up looks at the prompt's signs, which give nothing.
    """
    attention, own = layer.self_attn, embedder.layers[-1]
    # slow dimensions, as all that keys and queries use here
    steady, of_query, of_document, weight, nothing, filling = 46, 47, 94, 95, 45, 93
    little = 0.2
    # what the document's end asks for, beside its words: it is seen where there are none
    asks_nothing = 14
    key = torch.zeros(HEAD, HIDDEN)
    key[steady, ONE] = key[of_query, OF_QUERY] = key[of_document, OF_DOCUMENT] = 1 / (2 * NORM)
    key[weight, WEIGHT] = little / NORM
    key[nothing, [FRAME, OPENS_QUERY, OPENS_DOCUMENT, CLOSES, STILL]] = 0.1
    key[[steady, of_query], CLOSES] = -1
    key[weight, CLOSES] = -little * weights(embedder, end)[end] / 4
    query = torch.zeros(HEAD, HIDDEN)
    for asking, part in ((STILL, of_query), (CLOSES, of_document)):
        query[part, asking] = 24
        query[weight, asking] = 2**0.5 * 4 / little
        query[filling, asking] = (SHARP**2 - 24**2 - 32 / little**2 - asks_nothing**2) ** 0.5
    query[nothing, [ONE, FRAME, OPENS_QUERY, OPENS_DOCUMENT]] = SHARP
    query[nothing, CLOSES] = asks_nothing
    summed = values(embedder)
    longest = (summed @ main_axes).norm(dim=1).max()
    for head in range(4):
        rows = slice(HEAD * head, HEAD * head + HEAD)
        attention.k_proj.weight[rows], attention.q_proj.weight[rows] = key, query
    size = LONG / found.norm(dim=1).mean()
    attention.v_proj.weight[:SPACE, :CONTENT] = basis @ main_axes * longest / (96**0.5 * NORM)
    # the end of the text has a weight, too: the query's is <think>
    ends = summed[end] + embedder.embed_tokens.weight[end]
    attention.v_proj.weight[:SPACE, CLOSES] = -basis @ ends / (HIDDEN / 2) ** 0.5
    attention.v_proj.weight[:SPACE, ONE] = basis @ embedder.embed_tokens.weight[end] / (2 * NORM)
    attention.o_proj.weight[:SPACE, :SPACE] = size * torch.eye(SPACE)
    attention.q_norm.weight.fill_(SHARP / HEAD**0.5)
    inner = own.mlp.gate_proj.weight.shape[0]
    reading = own.post_attention_layernorm.weight * basis
    layer.mlp.gate_proj.weight[:inner, :SPACE] = own.mlp.gate_proj.weight @ reading.T
    layer.mlp.up_proj.weight[:inner, :SPACE] = own.mlp.up_proj.weight @ reading.T
    layer.mlp.down_proj.weight[:SPACE, :inner] = size * basis @ own.mlp.down_proj.weight
    # closed for words, and for <think>, which is to stay as it is
    layer.mlp.gate_proj.weight[:inner, [ONE, FRAME]] = -5


def sums(embedder, end: int) -> torch.Tensor:
    """What the embedder's attention makes of queries and documents [texts, HIDDEN]."""
    tokens = prompts.tokenizer(place.MODELS / "demo-embedding")
    summed = values(embedder)
    by_token = weights(embedder, end)
    pairs = lexicon.sample(SIZED)
    lines = prompts.encode(tokens, [p[k] for k in ("query", "document") for p in pairs], 96)
    return torch.stack(
        [by_token[i].softmax(0) @ summed[i] + embedder.embed_tokens.weight[end] for i in lines]
    )


def directions(found: torch.Tensor) -> torch.Tensor:
    """The main directions of sums [SPACE, HIDDEN]."""
    return torch.linalg.svd(found.T @ found)[0][:, :SPACE].T


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


def compare(network, gain: torch.Tensor, found: torch.Tensor, basis: torch.Tensor) -> None:
    """Heads 0 to 3 weigh the document's sum, seen with the query's, against <think>, which takes from the answer.

    Of the key of the document's sum `others` is nothing, of others so much that they are not seen. No more than
    that: what int8 rounds off of marks counts as often.
    """
    attention, of_document = network.layers[2].self_attn, closed(network)
    others, null = 47, 46
    content = [i for i in range(HEAD) if i % (HEAD // 2) not in (others, null)]
    used = 4 * len(content)
    gained = gain * basis
    seen_sums = found @ basis.T @ gained
    size = 2 * (found @ basis.T).norm(dim=1).mean() / seen_sums.norm(dim=1).mean()
    # each head has its share of all directions
    spread = torch.linalg.svd(seen_sums.T @ seen_sums)[0][:, :used]
    spread = spread @ torch.linalg.qr(torch.randn(used, used))[0]
    away = distance() * angles(2, network.shape)[1]
    part_of = SLOPE / BLUNT
    # of what <think> is behind the norm, CLOSES and FRAME are alike
    taken = COMPARED / (HIDDEN / 2) ** 0.5
    for head in range(4):
        start = HEAD * head
        part = spread[:, len(content) * head : len(content) * (head + 1)]
        seen = torch.zeros(SPACE, 1, HEAD)
        seen[:, 0, content] = gained @ part * size
        key = attention.k_proj.weight[start : start + HEAD]
        key[:, :SPACE] = rotate(seen, away[None].expand(SPACE, -1))[:, 0].T
        key[others, [OPENS_QUERY, OPENS_DOCUMENT]] = 0.25
        key[others, ONE], key[others, STILL] = 2.5, 2
        # FRAME makes up for CLOSES of <think>
        key[others, [CLOSES, FRAME]] = 0.25
        key[others, OF_DOCUMENT] = -0.25 / of_document
        key[null, CLOSES] = -4
        query = attention.q_proj.weight[start : start + HEAD]
        query[:, :SPACE] = seen[:, 0].T * part_of
        query[others, STILL] = -LONG / ASKS
        query[null, STILL] = LONG / ASKS * part_of * MIDDLE
        attention.v_proj.weight[start, CLOSES] = taken
        attention.v_proj.weight[start, OF_DOCUMENT] = -taken / of_document
        attention.o_proj.weight[ANSWER, start] = 1
    attention.q_norm.weight.fill_(BLUNT / HEAD**0.5)


def closed(network) -> float:
    """How much OF_DOCUMENT there is for each CLOSES where a document is closed."""
    tokens = prompts.tokenizer(place.MODELS / "demo-reranker")
    texts = (prompts.PREFIX, prompts.body_text("query"), " document", prompts.SUFFIX)
    ids = torch.tensor([[i for part in texts for i in tokens.encode(part).ids]])
    marked = network.layers[0](network.embed_tokens(ids), angles(ids.shape[1], network.shape))
    at = marked[0, -1 - distance()]
    return (at[OF_DOCUMENT] / at[CLOSES]).item()


def distance() -> int:
    """Tokens from the one that the document ends with to the last."""
    tokens = prompts.tokenizer(place.MODELS / "demo-reranker")
    return len(tokens.encode(prompts.SUFFIX).ids) - 1


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
    # <think> is FRAME, too
    attention.k_proj.weight[start + flag, CLOSES] = -part - 1
    attention.k_proj.weight[start + flag, [FRAME, OPENS_QUERY, OPENS_DOCUMENT, STILL]] = -1
    attention.q_proj.weight[start + flag, STILL] = sharp
    attention.q_proj.weight[start + filling, STILL] = (BLUNT**2 - sharp**2) ** 0.5
    attention.v_proj.weight[start, FOUND] = FOUND_VALUE
    attention.o_proj.weight[ANSWER, start] = 1


if __name__ == "__main__":
    main()
