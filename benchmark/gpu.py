"""Measures the product's network on a CUDA GPU against transformers, in PyTorch: gpu.py --out FILE.

The program text is the product's, its driver network.py; weights are random ones of the 0.6B shape, made here from a seed, token ids
too. The report says how far both are from transformers in float32, how fast they are, what a token costs at several lengths, and
where the time of a pass over many short sequences goes. TF32 is off, so that float32 is float32.

With `--device cpu` and a small shape it tries itself where there is no GPU; `--help` lists the options.
"""

import argparse
import json
import pathlib
import statistics
import sys
import time

# before PyTorch, which takes a while to load
STARTED = time.perf_counter()

import torch
import transformers

import network
import texts
from compare import COSINE, PROBABILITY
from profiles import seconds, table, where

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}
# Tokens for yes, no and padding. Lengths of the reranker's official prompt: before the instruction; instruction with a query of 7
# tokens; behind the document.
YES, NO, PAD = 9693, 2152, 151643
TEMPLATE, SHARED, SUFFIX = 39, 31, 9
# Tokens of a passage that is longer than a slice of the feed-forward network, and of a document that is longer than a block of the
# mask; a trial with short `--lengths` has none of these.
LONG_PASSAGE, LONG_DOCUMENT = 1500, 700


def say(text):
    print(f"[{time.perf_counter() - STARTED:5.1f} s] {text}", file=sys.stderr, flush=True)


# Weights and tokens


def shape(args):
    """The 0.6B shape of `qwen3 random`, but for what the options change."""
    return transformers.Qwen3Config(
        vocab_size=args.vocabulary, hidden_size=args.hidden, intermediate_size=3 * args.hidden, num_hidden_layers=args.layers,
        num_attention_heads=args.heads, num_key_value_heads=args.heads // 2, head_dim=128, rms_norm_eps=1e-6,
        rope_parameters={"rope_type": "default", "rope_theta": 1e6}, max_position_embeddings=32768, tie_word_embeddings=True)


def random_weights(config, device, seed):
    """Tensors of a checkpoint in bfloat16: matrices around 0, norm gains around 1, as `qwen3 random` has them."""
    with torch.device("meta"):
        names = transformers.Qwen3Model(config).state_dict()
    generator = torch.Generator(device).manual_seed(seed)
    tensors = {}
    for name, like in names.items():
        numbers = torch.randn(like.shape, generator=generator, device=device)
        tensors[name] = (1 + 0.1 * numbers if like.ndim == 1 else 0.02 * numbers).to(torch.bfloat16)
    return tensors


class Tokens:
    """Random token ids, the same for the same seed."""

    def __init__(self, vocabulary, seed):
        self.vocabulary, self.generator = vocabulary, torch.Generator().manual_seed(seed)

    def one(self, length):
        return torch.randint(self.vocabulary, (length,), generator=self.generator).tolist()

    def many(self, lengths):
        return [self.one(length) for length in lengths]


class Question:
    """What a rerank request's prompts share: the template, instruction and query behind it, and the suffix behind each document."""

    def __init__(self, tokens):
        self.template, self.shared, self.suffix = tokens.one(TEMPLATE), tokens.one(SHARED), tokens.one(SUFFIX)

    def tails(self, documents):
        return [document + self.suffix for document in documents]

    def prompts(self, tails):
        return [self.template + self.shared + tail for tail in tails]


# transformers


def peer(tensors, config, precision, device):
    """The same weights in transformers, with its attention by sdpa; the output head is the embedding table."""
    with torch.device(device):
        model = transformers.AutoModelForCausalLM.from_config(config, dtype=precision, attn_implementation="sdpa").eval()
    missing, unexpected = model.load_state_dict({"model." + name: t for name, t in tensors.items()}, strict=False)
    if set(missing) - {"lm_head.weight"} or unexpected or model.lm_head.weight is not model.model.embed_tokens.weight:
        raise RuntimeError(f"transformers wants other tensors: missing {missing}, unexpected {unexpected}")
    return model


def padded(model, sequences):
    """Ids and mask [S, longest], padded on the left as the model cards do."""
    longest = max(map(len, sequences))
    pad = min(PAD, model.config.vocab_size - 1)
    ids = torch.tensor([[pad] * (longest - len(s)) + s for s in sequences])
    padding = torch.tensor([longest - len(s) for s in sequences]).unsqueeze(1)
    mask = (torch.arange(longest) >= padding).long()
    return {"input_ids": ids.to(model.device), "attention_mask": mask.to(model.device), "use_cache": False}


def peer_embed(model, sequences, batch, by_length=False):
    """Unit vectors [S, H] on the host, in padded batches of so many, in order or first sorted by length."""
    order = sorted(range(len(sequences)), key=lambda n: -len(sequences[n])) if by_length else list(range(len(sequences)))
    vectors = torch.empty(len(sequences), model.config.hidden_size)
    for i in range(0, len(order), batch):
        numbers = order[i:i + batch]
        hidden = model.model(**padded(model, [sequences[n] for n in numbers])).last_hidden_state[:, -1]
        vectors[numbers] = torch.nn.functional.normalize(hidden.float(), dim=1).cpu()
    return vectors


def peer_rerank(model, prompts, batch, last_alone=False):
    """P(yes) [S] on the host; logits at every position, as the card's code has them, or at the last alone."""
    scores = []
    for i in range(0, len(prompts), batch):
        logits = model(**padded(model, prompts[i:i + batch]), logits_to_keep=1 if last_alone else 0).logits[:, -1].float()
        scores.append(torch.sigmoid(logits[:, YES] - logits[:, NO]).cpu())
    return torch.cat(scores)


# Equal work


def distance(vectors, truth, scores, true_scores):
    a, b = vectors.double(), truth.double()
    return {
        "cosine": torch.nn.functional.cosine_similarity(a, b, dim=1).min().item(),
        "vector": (a - b).abs().max().item(),
        "probability": (scores.double() - true_scores.double()).abs().max().item(),
    }


def parity(networks, peers, tokens, args):
    """How far vectors and P(yes) are from transformers in float32, each sequence by itself and so without padding."""
    passages = tokens.many(texts.lengths(args.passages[0]) + [min(LONG_PASSAGE, max(args.lengths))])
    question = Question(tokens)
    tails = question.tails(tokens.many(texts.lengths(min(32, args.passages[0])) + [min(LONG_DOCUMENT, max(args.lengths))]))
    prompts, rows, answers = question.prompts(tails), [], []
    for precision, model in peers.items():
        for batch, how in ((1, "one by one"), (8, "padded, batches of 8")):
            say(f"parity: transformers {precision}, {how}")
            answers.append((
                f"transformers {precision}, {how}", precision, peer_embed(model, passages, batch), peer_rerank(model, prompts, batch)))
    for precision, ours in networks.items():
        say(f"parity: qwen3 {precision}")
        template = ours.prefix(None, question.template)
        answers.append((
            f"qwen3 {precision}", precision, network.embed(ours, passages, 4096),
            network.rerank(ours, template, question.shared, tails, [YES, NO], 4096)))
    truth = answers[0]
    for who, precision, vectors, scores in answers[1:]:
        far = distance(vectors, truth[2], scores, truth[3])
        far["equal"] = far["cosine"] >= COSINE[precision] and far["probability"] <= PROBABILITY[precision]
        rows.append({"who": who, **far})
    table(f"distance from transformers float32: {len(passages)} passages, {len(tails)} pairs",
          ["who", "worst cosine", "1 - cosine", "max Δ of a component", "max ΔP(yes)", "equal work"],
          [[r["who"], "%.7f" % r["cosine"], "%.1e" % (1 - r["cosine"]), "%.1e" % r["vector"], "%.1e" % r["probability"],
            "yes" if r["equal"] else "NO"] for r in rows])
    print(f"\nP(yes) goes from {truth[3].min():.3f} to {truth[3].max():.3f}.")
    return rows


# Speed


def rounds(title, variants, device, args):
    """Seconds of every variant in each round, after one that is not timed; the order moves on from round to round."""
    times = {name: [] for name in variants}
    names = list(variants)
    for number in range(args.rounds + 1):
        if number > 1 and time.perf_counter() - STARTED > args.limit:
            say(f"{title}: no time for more than {number - 1} rounds")
            break
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            taken = seconds(device, variants[name])
            if number > 0:
                times[name].append(taken)
        say(f"{title}: round {number} of {args.rounds}")
    return times


def speed(title, variants, units, unit, device, args):
    """Times the variants; `units` is how many of a unit, tokens or pairs, each of them does."""
    rows = []
    for who, times in rounds(title, variants, device, args).items():
        middle = statistics.median(times)
        rows.append({
            "who": who, "rounds": len(times), "seconds": middle, "least": min(times), "greatest": max(times), unit: units / middle})
    table(title, ["who", "ms", "least", "greatest", unit],
          [[r["who"], *("%.1f" % (1e3 * r[k]) for k in ("seconds", "least", "greatest")), "%.0f" % r[unit]] for r in rows])
    return rows


def embedding_variants(networks, peers, passages, args):
    for precision, ours in networks.items():
        for most in args.max_tokens:
            yield f"qwen3 {precision}, {most} tokens a pass", lambda o=ours, m=most: network.embed(o, passages, m)
    for precision, model in peers.items():
        # batches of 8 of many passages take longer than they tell
        for batch in (8, 64) if len(passages) <= 64 else (64,):
            yield f"transformers {precision}, batches of {batch}", lambda m=model, b=batch: peer_embed(m, passages, b)
        yield f"transformers {precision}, batches of 64 by length", lambda m=model: peer_embed(m, passages, 64, True)


def embedding_speed(networks, peers, count, tokens, device, args):
    passages = tokens.many(texts.lengths(count))
    total = sum(map(len, passages))
    variants = dict(embedding_variants(networks, peers, passages, args))
    return speed(f"embedding {count} passages, {total} tokens", variants, total, "tokens/s", device, args)


def rerank_variants(networks, peers, question, documents, args):
    tails = question.tails(documents)
    prompts = question.prompts(tails)
    for precision, ours in networks.items():
        template = ours.prefix(None, question.template)
        for most in args.max_tokens:
            yield f"qwen3 {precision}, {most} tokens a pass", lambda o=ours, t=template, m=most: network.rerank(
                o, t, question.shared, tails, [YES, NO], m)
    for precision, model in peers.items():
        for batch in (10, 100):
            yield f"transformers {precision}, batches of {batch}", lambda m=model, b=batch: peer_rerank(m, prompts, b)
        yield f"transformers {precision}, batches of 100, last logits alone", lambda m=model: peer_rerank(m, prompts, 100, True)


def rerank_speed(networks, peers, tokens, device, args):
    documents = tokens.many([100] * args.documents)
    variants = dict(rerank_variants(networks, peers, Question(tokens), documents, args))
    return speed(f"reranking {args.documents} documents of 100 tokens", variants, args.documents, "pairs/s", device, args)


def lengths(networks, tokens, device, args):
    """Cost of a token in one sequence by itself, and the most memory of the device that a pass takes beside the weights."""
    rows = []
    for precision, ours in networks.items():
        for length in args.lengths:
            sequence = [tokens.one(length)]
            ours.last_hidden(sequence)
            rest = peak = 0
            if device.type == "cuda":
                rest = torch.cuda.memory_allocated(device)
                torch.cuda.reset_peak_memory_stats(device)
            taken = statistics.median(seconds(device, lambda: ours.last_hidden(sequence)) for _ in range(args.rounds))
            if device.type == "cuda":
                peak = torch.cuda.max_memory_allocated(device) - rest
            rows.append({
                "precision": precision, "tokens": length, "microseconds_per_token": 1e6 * taken / length, "pass_bytes": peak,
                "weight_bytes": ours.weight_bytes()})
    table("cost by length, one sequence a pass", ["precision", "tokens", "µs/token", "ms", "MiB of the pass", "MiB with the weights"],
          [[r["precision"], r["tokens"], "%.1f" % r["microseconds_per_token"], "%.1f" % (r["microseconds_per_token"] * r["tokens"] / 1e3),
            "%.0f" % (r["pass_bytes"] / 2**20), "%.0f" % ((r["pass_bytes"] + r["weight_bytes"]) / 2**20)] for r in rows])
    return rows


# Where the time goes


def profiles(networks, tokens, device, args):
    passages = tokens.many(sorted(texts.lengths(args.passages[0]), reverse=True))
    question = Question(tokens)
    tails = question.tails(tokens.many([100] * args.documents))
    rows = []
    for precision, ours in networks.items():
        say(f"profile: {precision}")
        rows.append(where(f"embedding in {precision}", ours, passages, None, device))
    ours = networks["bfloat16"]
    prefix = ours.prefix(None, question.template + question.shared)
    rows.append(where("reranking in bfloat16", ours, tails, prefix, device))
    return rows


# The whole


def machine(device, args):
    """What the figures depend on besides the program."""
    out = {
        "torch": torch.__version__, "transformers": transformers.__version__, "tf32": False, "cudnn_attention": args.cudnn,
        "device": str(device), "program": args.program.name}
    if device.type == "cuda":
        out.update(gpu=torch.cuda.get_device_name(device), cuda=torch.version.cuda, cudnn=torch.backends.cudnn.version())
    return out


def options():
    def numbers(text):
        return [int(n) for n in text.split(",")]

    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="JSON file for the figures, written anew after each part")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--program", type=pathlib.Path, default=network.PROGRAM, help="folder of the program's text")
    parser.add_argument("--cudnn", action="store_true", help="let PyTorch take cuDNN's attention, which builds a plan for each length")
    parser.add_argument("--layers", type=int, default=28)
    parser.add_argument("--hidden", type=int, default=1024)
    parser.add_argument("--heads", type=int, default=16, help="query heads, two to a key-value head")
    parser.add_argument("--vocabulary", type=int, default=151669)
    parser.add_argument("--passages", type=numbers, default=[64, 256], help="how many to embed, in each comparison")
    parser.add_argument("--documents", type=int, default=100, help="how many to rerank")
    parser.add_argument("--lengths", type=numbers, default=[64, 256, 1024, 4096, 8192], help="tokens of single sequences")
    parser.add_argument("--max-tokens", type=numbers, default=[4096, 16384], help="qwen3.batch.max_tokens, tokens of one pass")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=100, help="seconds after which no further round begins")
    args = parser.parse_args()
    if args.vocabulary <= YES:
        parser.error(f"[--vocabulary] must be above [{YES}], the token for yes")
    return args


def measure(args, device):
    """All parts in turn; the figures so far are written after each."""
    figures = {"machine": machine(device, args)}
    say(json.dumps(figures["machine"]))
    config, tokens = shape(args), Tokens(args.vocabulary, args.seed)
    tensors = random_weights(config, device, args.seed)
    stored = tensors["embed_tokens.weight"].cpu()
    program = network.load_program(args.program)
    networks = {name: network.Network(program, tensors, stored, config, p) for name, p in PRECISIONS.items()}
    peers = {name: peer(tensors, config, p, device) for name, p in PRECISIONS.items()}
    say("models loaded")
    few, *more = args.passages
    parts = {
        "parity": lambda: parity(networks, peers, tokens, args),
        f"embedding_{few}": lambda: embedding_speed(networks, peers, few, tokens, device, args),
        "reranking": lambda: rerank_speed(networks, peers, tokens, device, args),
        "lengths": lambda: lengths(networks, tokens, device, args),
        "profiles": lambda: profiles(networks, tokens, device, args),
        **{f"embedding_{n}": lambda n=n: embedding_speed(networks, peers, n, tokens, device, args) for n in more},
    }
    for name, part in parts.items():
        say(name)
        figures[name] = part()
        figures["seconds"] = time.perf_counter() - STARTED
        args.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    say("done")
    return all(row["equal"] for row in figures["parity"])


def main():
    args = options()
    if torch.device(args.device).type == "cuda" and not torch.cuda.is_available():
        sys.exit("gpu.py: this PyTorch sees no CUDA device; [--device cpu] with a small shape tries the script without one")
    # as in PyTorch.enter in Java
    torch.set_num_threads(1)
    torch.set_float32_matmul_precision("highest")
    # the libtorch of the product takes flash attention where there is no mask, later ones cuDNN's
    torch.backends.cuda.enable_cudnn_sdp(args.cudnn)
    print("float32 is without TF32; weights are random and of the 0.6B shape, unless options say otherwise.")
    with torch.no_grad(), torch.jit.optimized_execution(False):
        equal = measure(args, torch.device(args.device))
    sys.exit(0 if equal else "gpu.py: somebody computes something else, see [equal work]")


if __name__ == "__main__":
    main()
