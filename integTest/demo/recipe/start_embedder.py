"""A start for the embedder that already searches: work/embedder-start.

Each token's vector is the teacher's for the token's text, rotated so that the first numbers carry
most (which is what cutting a vector needs). The layer's attention looks at all tokens alike and hands
their mean on.
"""

import json

import numpy as np
import torch

import place
from bag import Bag
from network import Network, Shape, save
from spelled import text
from teach import axes
from teachers import Teacher

SEED = 8
SCALE = 0.5
TEACHER = "minilm"


def main() -> None:
    torch.manual_seed(SEED)
    rotation = axes(TEACHER)
    tokenizer = json.loads((place.MODELS / "demo-embedding/tokenizer.json").read_text())
    vocabulary = tokenizer["model"]["vocab"]
    size = len(vocabulary) + len(tokenizer["added_tokens"])
    network = Network(Shape(size, num_hidden_layers=1))
    with torch.no_grad():
        network.embed_tokens.weight.copy_(tokens(vocabulary, size, rotation))
        begin(network)
    save(network, place.WORK / "embedder-start", False, len(vocabulary))


def tokens(vocabulary: dict[str, int], size: int, rotation: np.ndarray) -> torch.Tensor:
    """The teacher's vectors of all tokens; those that are no text get small random ones."""
    texts = [""] * size
    for token, i in vocabulary.items():
        texts[i] = text(token).strip()
    table = Teacher(TEACHER).encode(texts) @ rotation
    table[[i for i, t in enumerate(texts) if not t]] *= 0.1
    table[len(vocabulary) :] = np.random.default_rng(SEED).normal(
        0, 0.02, (size - len(vocabulary), 384)
    )
    return torch.from_numpy(table) * 384**0.5 * SCALE


def begin(network) -> None:
    """A layer whose attention is nearly even, blind to places, and hands on what it sees."""
    layer = network.layers[0]
    attention = layer.self_attn
    for name, weight in layer.named_parameters():
        if "proj" in name:
            weight.normal_(0, 0.05)
    attention.v_proj.weight.copy_(torch.eye(384))
    attention.o_proj.weight.copy_(torch.eye(384))
    layer.mlp.down_proj.weight.zero_()
    attention.k_norm.weight.fill_(0.3)
    attention.q_norm.weight.fill_(0.5)
    Bag(network).restrain()


if __name__ == "__main__":
    main()
