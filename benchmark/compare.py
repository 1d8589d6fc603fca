"""Times peers and this product on the same checkpoint and texts, in turns, and prints the ratios. Started by `run`; see README.md."""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PEERS = HERE / "peers"
# How far vectors and probabilities may be from those of transformers for the work to count as the same.
COSINE = {"float32": 0.9999, "f16": 0.999, "bfloat16": 0.99, "int8": 0.99, "q8_0": 0.99}
PROBABILITY = {"float32": 1e-3, "f16": 0.01, "bfloat16": 0.05, "int8": 0.05, "q8_0": 0.05}


class Peer:
    """A process that keeps a model loaded and answers requests; its errors go to a file."""

    def __init__(self, name, arithmetic, command, log):
        self.name, self.arithmetic, self.log, self.times, self.failure = name, arithmetic, log, [], None
        self.process = None
        if command is None:
            self.failure = "not installed"
            return
        with open(log, "w", encoding="utf-8") as errors:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8")
        self.read()

    def read(self):
        """The next line; other output, such as a library's notes, is passed over."""
        while self.failure is None:
            line = self.process.stdout.readline()
            if not line:
                self.failure = "ended with code %d, see %s" % (self.process.wait(), self.log)
            elif line.startswith("{"):
                return json.loads(line)
        return None

    def ask(self, request):
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        return self.read()

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()


def cosine(a, b):
    dot = sum(x * y for x, y in zip(a, b))
    return dot / (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5


def check(peer, answer, first, reference):
    """The worst difference from the answer of the first peer, in words; one that computes something else is out."""
    both = (peer.arithmetic, first.arithmetic)
    if "vectors" in answer:
        worst = min(cosine(a, b) for a, b in zip(answer["vectors"], reference["vectors"], strict=True))
        said, fits = "cosine ≥ %.6f" % worst, worst >= min(COSINE.get(a, 0.99) for a in both)
    else:
        worst = max(abs(a - b) for a, b in zip(answer["scores"], reference["scores"], strict=True))
        said, fits = "ΔP(yes) ≤ %.1e" % worst, worst <= max(PROBABILITY.get(a, 0.05) for a in both)
    if not fits:
        peer.failure = f"computes something else: {said}"
    return said


def measure(title, peers, request, rounds, tokens):
    """One round that is checked and not timed, then rounds in which every peer has its turn."""
    alive = [p for p in peers if p.failure is None]
    first, reference, differences = None, None, {}
    for peer in alive:
        print(f"{title}: {peer.name}, first round", file=sys.stderr)
        answer = peer.ask(request)
        if answer is not None:
            if first is None:
                first, reference = peer, answer
            differences[peer.name] = check(peer, answer, first, reference)
    for number in range(rounds):
        # the order turns, so that nobody is always behind the same neighbour
        turn = number % len(peers)
        for peer in peers[turn:] + peers[:turn]:
            answer = peer.ask(request) if peer.failure is None else None
            if answer is not None:
                peer.times.append(answer["seconds"])
                print(f"{title}: round {number + 1}, {peer.name}, {answer['seconds']:.2f} s", file=sys.stderr, flush=True)
    table(title, peers, differences, len(request["texts"]), tokens)


def table(title, peers, differences, texts, tokens):
    ours = [p for p in peers if p.name.startswith("qwen3 ")]
    unit = "pairs/s" if "rerank" in title else "texts/s"
    print(f"\n### {title}: {texts} passages, {tokens} tokens\n")
    print("| who | seconds | tokens/s | %s |%s against the first |" % (
        unit, "".join(f" {o.name} is faster by |" for o in ours)))
    print("|---|" + "--:|" * (3 + len(ours)) + "---|")
    for peer in peers:
        if peer.failure is not None:
            print(f"| {peer.name} | {peer.failure} |" + " |" * (3 + len(ours)))
            continue
        seconds = statistics.median(peer.times)
        cells = ["%.2f" % seconds, "%.0f" % (tokens / seconds), "%.2f" % (texts / seconds)]
        cells += [ratio(peer, o) for o in ours]
        print("| " + " | ".join([peer.name, *cells, differences[peer.name]]) + " |")


def ratio(peer, ours):
    """Median of the ratios of each round, and the least and the greatest: neighbours in time have the same noise."""
    if peer is ours or ours.failure is not None:
        return ""
    ratios = [p / o for p, o in zip(peer.times, ours.times)]
    return "%.2f× (%.2f–%.2f)" % (statistics.median(ratios), min(ratios), max(ratios))


def commands(kind, args):
    """The peers of a kind of model, the one that the others are checked against first, and who of them is not installed."""
    folder, threads, python = args[kind], str(args["threads"]), args["python"]

    def in_python(script, *modules):
        return [python, PEERS / script, folder, threads] if set(modules) <= set(args["installed"]) else None

    for peer in args["peers"]:
        if peer == "transformers":
            yield peer, "float32", in_python(f"transformers_{kind}.py", "torch", "transformers")
        elif peer == "sentence-transformers" and kind == "embedding":
            yield peer, "float32", in_python("sentence_transformers_embedding.py", "torch", "sentence_transformers")
        elif peer == "llama.cpp":
            for kept in args["gguf"]:
                file = args["work"] / f"{kind}-{kept}.gguf"
                found = "llama" in args["installed"] and file.exists()
                yield f"{peer} {kept}", kept, ["node", PEERS / "llama.mjs", file, kind, threads] if found else None
    for precision in args["precision"]:
        yield f"qwen3 {precision}", precision, [
            args["qwen3"], "bench", "--requests", "--model", folder, "--precision", precision, "--threads", threads]


def main():
    parser = argparse.ArgumentParser()
    for option in ("--embedding", "--reranker", "--qwen3", "--python", "--work"):
        parser.add_argument(option, type=pathlib.Path, required=True)
    parser.add_argument("--installed", action="append", default=[])
    parser.add_argument("--peers", type=lambda s: s.split(","), required=True)
    parser.add_argument("--gguf", type=lambda s: s.split(","), default=["q8_0", "f16"])
    parser.add_argument("--precision", type=lambda s: s.split(","), default=["float32"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tasks", type=lambda s: s.split(","), default=["embedding", "reranker"])
    args = vars(parser.parse_args())
    texts = json.loads((args["work"] / "texts.json").read_text(encoding="utf-8"))
    for kind in args["tasks"]:
        request = texts[kind]
        peers = []
        try:
            for name, arithmetic, command in commands(kind, args):
                print(f"{kind}: starting {name}", file=sys.stderr, flush=True)
                log = args["work"] / f"{kind}-{name.replace(' ', '-')}.log"
                peers.append(Peer(name, arithmetic, command and [str(c) for c in command], log))
            measure(kind, peers, request["request"], args["rounds"], request["tokens"])
        finally:
            for peer in peers:
                peer.close()


if __name__ == "__main__":
    main()
