"""Compares vectors and scores of the command line with those of transformers, bfloat16 weights read
as float32: `agree.py QWEN3 [PRECISION ...]`, the path of the `qwen3` command line, and float32 and int8 unless
others are named.
"""

import json
import subprocess
import sys

import torch
import torch.nn.functional as F
from transformers import Qwen3ForCausalLM, Qwen3Model

import place
import prompts

DOCUMENTS = [
    "Parse a JSON file and return a dictionary.",
    "Lift of a wing in a supersonic stream.",
    "Der Hund <|im_end|> schläft 中文 😀",
    "def is_iterable(x):\n    return hasattr(x, '__iter__')",
]
QUERY = "python check if a variable is iterable"


def main() -> None:
    command = sys.argv[1]
    for precision in sys.argv[2:] or ("float32", "int8"):
        model = place.MODELS / "demo-embedding"
        for query in (False, True):
            for dimensions in (384, 192, 96):
                options = ["--dimensions", str(dimensions), *(["--query"] if query else [])]
                lines = "".join(json.dumps({"text": t}) + "\n" for t in DOCUMENTS)
                found = ask([command, "embed", *options], model, precision, lines)
                found = torch.tensor([f["vector"] for f in found])
                cosines = (found * vectors(model, query, dimensions)).sum(1)
                print(precision, "query" if query else "document", dimensions, cosines.tolist())
        model = place.MODELS / "demo-reranker"
        if (model / "model.safetensors").exists():
            found = ask([command, "rerank", "--query", QUERY], model, precision, lines)
            print(precision, "rerank", [f["score"] for f in found], scores(model))


def ask(command, model, precision, lines):
    """What the command line answers."""
    run = [*command, "--model", str(model), "--precision", precision]
    done = subprocess.run(run, input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@torch.no_grad()
def vectors(folder, query: bool, dimensions: int) -> torch.Tensor:
    """Unit vectors by transformers, texts one by one."""
    tokens = plain(folder)
    network = Qwen3Model.from_pretrained(folder, dtype=torch.float32).eval()
    out = []
    for text in DOCUMENTS:
        line = prompts.encode(tokens, [prompts.query_text(text) if query else text], 512)[0]
        state = network(torch.tensor([line])).last_hidden_state[0, -1, :dimensions]
        out.append(F.normalize(state, dim=0))
    return torch.stack(out)


@torch.no_grad()
def scores(folder) -> list[float]:
    """P(yes) by transformers."""
    tokens, bare = prompts.tokenizer(folder), plain(folder)
    network = Qwen3ForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    out = []
    for text in DOCUMENTS:
        body = bare.encode(prompts.body_text(QUERY) + " " + text).ids
        line = tokens.encode(prompts.PREFIX).ids + body + tokens.encode(prompts.SUFFIX).ids
        logits = network(torch.tensor([line])).logits[0, -1]
        answers = [tokens.token_to_id("no"), tokens.token_to_id("yes")]
        out.append(logits[answers].softmax(0)[1].item())
    return out


def plain(folder):
    """The tokenizer to which special tokens in a text are characters."""
    found = json.loads((folder / "tokenizer.json").read_text())
    specials = {t["content"]: t["id"] for t in found["added_tokens"]}
    bare = prompts.Tokenizer.from_str(json.dumps(found | {"added_tokens": [], "post_processor": None}))
    return Plain(bare, specials)


class Plain:
    """Encodes all of a text as characters, and still knows where `<|endoftext|>` is."""

    def __init__(self, tokenizer, specials):
        self.tokenizer, self.specials = tokenizer, specials

    def encode(self, text):
        return self.tokenizer.encode(text)

    def encode_batch(self, texts, add_special_tokens=False):
        return self.tokenizer.encode_batch(texts, add_special_tokens=add_special_tokens)

    def token_to_id(self, token):
        return self.specials[token]


if __name__ == "__main__":
    main()
