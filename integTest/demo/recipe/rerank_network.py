"""The reranker's pass: what all documents of a query share is computed once.

A query's prompt goes through the network up to the colon of `<Document>:`, each document with the
prompt's end goes on from there, and of the last layer only the last position is computed.
"""

import torch
import torch.nn.functional as F

from network import Network, angles, rotate
from prompts import Batch


def log_odds(network: Network, heads: Batch, tails: Batch, yes: int, no: int) -> torch.Tensor:
    """logit(yes) - logit(no) [tails]; tails are as many per head, in the heads' order."""
    count = len(tails.ids) // len(heads.ids)
    length = heads.ids.shape[1]
    offset = (heads.last + 1).repeat_interleave(count)
    table = angles(int(length + tails.ids.shape[1] + 1), network.shape)
    head_turn, tail_turn = table[:length], table[offset[:, None] + torch.arange(tails.ids.shape[1])]
    shared = (torch.arange(length) < offset[:, None])[:, None, None]
    x, y = network.embed_tokens(heads.ids), network.embed_tokens(tails.ids)
    for layer in network.layers[:-1]:
        normed = layer.input_layernorm(x)
        keys, values = _keys(layer.self_attn, normed, head_turn)
        seen = keys.repeat_interleave(count, 0), values.repeat_interleave(count, 0)
        y = y + _attend(layer.self_attn, layer.input_layernorm(y), tail_turn, seen, shared)
        y = y + layer.mlp(layer.post_attention_layernorm(y))
        x = x + layer.self_attn(normed, head_turn)
        x = x + layer.mlp(layer.post_attention_layernorm(x))
    layer = network.layers[-1]
    keys, values = _keys(layer.self_attn, layer.input_layernorm(x), head_turn)
    seen = keys.repeat_interleave(count, 0), values.repeat_interleave(count, 0)
    y, kept = layer.input_layernorm(y), y[torch.arange(len(y)), tails.last].unsqueeze(1)
    kept = kept + _attend(layer.self_attn, y, tail_turn, seen, shared, tails.last)
    kept = kept + layer.mlp(layer.post_attention_layernorm(kept))
    state = network.norm(kept.squeeze(1)).float()
    table = network.embed_tokens.weight
    return state @ (table[yes] - table[no])


def _keys(attention, x, turn):
    """Rotated keys and values [batch, heads, length, head_dim]."""
    shape = (*x.shape[:2], -1, attention.s.head_dim)
    k = rotate(attention.k_norm(attention.k_proj(x).view(shape)), turn)
    return k.transpose(1, 2), attention.v_proj(x).view(shape).transpose(1, 2)


def _attend(attention, x, turn, seen, shared, last=None):
    """Attention of tails to the shared keys and to their own; or of their last positions alone."""
    rows, length, _ = x.shape
    keys, values = _keys(attention, x, turn)
    place = torch.arange(length)
    own = place <= (place[:, None] if last is None else last[:, None, None, None])
    if last is not None:
        x, turn = x[torch.arange(rows), last].unsqueeze(1), turn[torch.arange(rows), last][:, None]
    q = attention.q_proj(x).view(rows, x.shape[1], -1, attention.s.head_dim)
    q = rotate(attention.q_norm(q), turn).transpose(1, 2)
    mask = torch.cat(
        [
            shared.expand(rows, 1, x.shape[1], shared.shape[-1]),
            own.expand(rows, 1, x.shape[1], length),
        ],
        -1,
    )
    keys, values = torch.cat([seen[0], keys], 2), torch.cat([seen[1], values], 2)
    out = F.scaled_dot_product_attention(q, keys, values, attn_mask=mask)
    return attention.o_proj(out.transpose(1, 2).reshape(rows, x.shape[1], -1))
