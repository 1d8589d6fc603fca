"""What training makes small, each on the whole vector and on its first half and quarter."""

import torch
import torch.nn.functional as F

DIMENSIONS = (384, 192, 96)
TEMPERATURE = 0.05


def angle(states, wanted, dimensions: int):
    """One less the cosine to the teacher's vector, both cut."""
    cut = (F.normalize(t[:, :dimensions], dim=1) for t in (states, wanted))
    return 1 - torch.mul(*cut).sum(1).mean()


def divergence(wanted, given):
    """Of the teacher's choice among the batch, both ways."""
    a = F.kl_div(given.log_softmax(1), wanted.softmax(1), reduction="batchmean")
    b = F.kl_div(given.log_softmax(0).T, wanted.softmax(0).T, reduction="batchmean")
    return (a + b) / 2
