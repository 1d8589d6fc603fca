"""The Qwen3 network with the names and the arithmetic of the published checkpoints.

Written out here because training needs less of it than inference gives: of the last layer only the
position whose state is used. Sequences are padded on the right, where causal attention never looks,
so that no mask is needed.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn


@dataclass(frozen=True)
class Shape:
    """Sizes of a network, named as in config.json."""

    vocab_size: int
    hidden_size: int = 384
    intermediate_size: int = 640
    num_hidden_layers: int = 2
    num_attention_heads: int = 4
    num_key_value_heads: int = 4
    head_dim: int = 96
    rope_theta: float = 1e6
    rms_norm_eps: float = 1e-6


class Attention(nn.Module):
    """Causal attention with a norm of each query and key head before the rotation."""

    def __init__(self, s: Shape):
        super().__init__()
        self.s = s
        queries, keys = s.num_attention_heads * s.head_dim, s.num_key_value_heads * s.head_dim
        self.q_proj = nn.Linear(s.hidden_size, queries, bias=False)
        self.k_proj = nn.Linear(s.hidden_size, keys, bias=False)
        self.v_proj = nn.Linear(s.hidden_size, keys, bias=False)
        self.o_proj = nn.Linear(queries, s.hidden_size, bias=False)
        self.q_norm = nn.RMSNorm(s.head_dim, s.rms_norm_eps)
        self.k_norm = nn.RMSNorm(s.head_dim, s.rms_norm_eps)

    def forward(self, x, rotation, last=None):
        """All positions [batch, length, hidden], or only the positions `last` [batch]."""
        batch, length, _ = x.shape
        source = x if last is None else x[torch.arange(batch), last].unsqueeze(1)
        q = self.q_norm(self.q_proj(source).view(batch, source.shape[1], -1, self.s.head_dim))
        k = self.k_norm(self.k_proj(x).view(batch, length, -1, self.s.head_dim))
        v = self.v_proj(x).view(batch, length, -1, self.s.head_dim)
        q = rotate(q, rotation if last is None else rotation[last].unsqueeze(1))
        k = rotate(k, rotation)
        q, k, v = (t.transpose(1, 2) for t in (q, k, v))
        if last is None:
            out = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            seen = (torch.arange(length) <= last[:, None])[:, None, None]
            out = F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
        return self.o_proj(out.transpose(1, 2).reshape(batch, source.shape[1], -1))


class Mlp(nn.Module):
    """SwiGLU."""

    def __init__(self, s: Shape):
        super().__init__()
        self.gate_proj = nn.Linear(s.hidden_size, s.intermediate_size, bias=False)
        self.up_proj = nn.Linear(s.hidden_size, s.intermediate_size, bias=False)
        self.down_proj = nn.Linear(s.intermediate_size, s.hidden_size, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    """Attention and MLP, each behind a norm and added to what came in."""

    def __init__(self, s: Shape):
        super().__init__()
        self.input_layernorm = nn.RMSNorm(s.hidden_size, s.rms_norm_eps)
        self.self_attn = Attention(s)
        self.post_attention_layernorm = nn.RMSNorm(s.hidden_size, s.rms_norm_eps)
        self.mlp = Mlp(s)

    def forward(self, x, rotation, last=None):
        attended = self.self_attn(self.input_layernorm(x), rotation, last)
        kept = x if last is None else x[torch.arange(len(x)), last].unsqueeze(1)
        x = kept + attended
        return x + self.mlp(self.post_attention_layernorm(x))


class Network(nn.Module):
    """Token ids in, the final state of one position out."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.embed_tokens = nn.Embedding(shape.vocab_size, shape.hidden_size)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.num_hidden_layers))
        self.norm = nn.RMSNorm(shape.hidden_size, shape.rms_norm_eps)

    def forward(self, ids, last):
        """States [batch, hidden] at the positions `last`."""
        x = self.embed_tokens(ids)
        rotation = angles(ids.shape[1], self.shape)
        for layer in self.layers[:-1]:
            x = layer(x, rotation)
        return self.norm(self.layers[-1](x, rotation, last).squeeze(1))


def angles(length: int, s: Shape) -> torch.Tensor:
    """Rotations [length, head_dim / 2] as complex numbers' angles."""
    speed = s.rope_theta ** (-torch.arange(0, s.head_dim, 2, dtype=torch.float32) / s.head_dim)
    return torch.arange(length, dtype=torch.float32)[:, None] * speed


def rotate(x, angle):
    """Rotates each head [.., length, heads, head_dim] by its position's angles."""
    cos, sin = angle.cos().unsqueeze(-2).to(x.dtype), angle.sin().unsqueeze(-2).to(x.dtype)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


def save(network: Network, folder: Path, head: bool, end_of_text: int) -> None:
    """Writes config.json and model.safetensors in bfloat16.

    `head` names the tensors as rerankers do, whose output head is the embedding table.
    """
    folder.mkdir(parents=True, exist_ok=True)
    prefix = "model." if head else ""
    tensors = {
        prefix + name: tensor.detach().to(torch.bfloat16).contiguous()
        for name, tensor in network.state_dict().items()
    }
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    config = {
        "architectures": ["Qwen3ForCausalLM" if head else "Qwen3Model"],
        "model_type": "qwen3",
        **asdict(network.shape),
        "hidden_act": "silu",
        "attention_bias": False,
        "attention_dropout": 0.0,
        "bos_token_id": end_of_text,
        "eos_token_id": end_of_text,
        "initializer_range": 0.02,
        # of a document, some 400 tokens
        "max_position_embeddings": 512 if head else 32768,
        "max_window_layers": network.shape.num_hidden_layers,
        "rope_scaling": None,
        "sliding_window": None,
        "tie_word_embeddings": True,
        "torch_dtype": "bfloat16",
        "use_cache": True,
        "use_sliding_window": False,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def load(folder: Path) -> Network:
    """Reads what `save` wrote."""
    config = json.loads((folder / "config.json").read_text())
    names = Shape.__dataclass_fields__
    network = Network(Shape(**{k: v for k, v in config.items() if k in names}))
    tensors = load_file(folder / "model.safetensors")
    network.load_state_dict({k.removeprefix("model."): v.float() for k, v in tensors.items()})
    return network
