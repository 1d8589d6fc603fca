"""Takes the mean of two networks of one shape: `average.py FIRST SECOND OUT`, folders of work.

The second is the first, trained on: their mean did a little better than either.
"""

import json
import sys

import torch

import place
from network import load, save


def main() -> None:
    first, second, out = (place.WORK / name for name in sys.argv[1:])
    network, other = load(first), load(second).state_dict()
    with torch.no_grad():
        for name, weight in network.named_parameters():
            weight.lerp_(other[name], 0.5)
    end = json.loads((first / "config.json").read_text())["eos_token_id"]
    save(network, out, False, end)


if __name__ == "__main__":
    main()
