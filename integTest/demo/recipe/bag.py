"""A network of one layer to which a text is a bag of words, in a small part of the time."""

import torch
import torch.nn.functional as F

from network import Network, Shape


class Bag:
    """Such a network, whose heads are kept from seeing more."""

    def __init__(self, network: Network):
        self.network = network
        self.fast = fast(network.shape)

    @torch.no_grad()
    def restrain(self) -> None:
        """Lets all heads weigh a token alike, wherever it stands: see `states`."""
        attention = self.network.layers[-1].self_attn
        attention.k_norm.weight[self.fast] = 0
        for projection in (attention.q_proj, attention.k_proj):
            heads = projection.weight.view(-1, attention.s.head_dim, 384)
            heads.copy_(heads[:1].clone().expand_as(heads))

    def states(self, lines: list[list[int]]) -> torch.Tensor:
        """What the network gives [texts, 384], in a small part of the time.

        Where heads weigh alike and places do not matter, a token's weight is the same wherever it stands, and
        the values of a text's mean are the mean of its values: all is computed once per token of the batch
        or once per text.
        """
        layer = self.network.layers[-1]
        attention = layer.self_attn
        lengths = torch.tensor([len(line) for line in lines])
        used, ids = torch.tensor([i for line in lines for i in line]).unique(return_inverse=True)
        raw = self.network.embed_tokens.weight[used]
        tokens = layer.input_layernorm(raw)
        end = torch.searchsorted(used, lines[0][-1])
        key = attention.k_norm(F.linear(tokens, attention.k_proj.weight[: attention.s.head_dim]))
        query = attention.q_proj.weight[: attention.s.head_dim] @ tokens[end]
        weights = (key @ attention.q_norm(query) / attention.s.head_dim**0.5).exp()[ids]
        text = torch.arange(len(lines)).repeat_interleave(lengths)
        weights = weights / torch.zeros(len(lines)).index_add(0, text, weights)[text]
        starts = lengths.cumsum(0) - lengths
        mean = F.embedding_bag(ids, tokens, starts, mode="sum", per_sample_weights=weights)
        x = raw[end] + attention.o_proj(attention.v_proj(mean))
        return self.network.norm(x + layer.mlp(layer.post_attention_layernorm(x)))


def fast(shape: Shape) -> torch.Tensor:
    """The dimensions of a head that a text's length turns by more than a twentieth of a radian."""
    half = shape.head_dim // 2
    turning = torch.arange(shape.head_dim) % half
    return shape.rope_theta ** (-turning / half) * 512 > 0.06
