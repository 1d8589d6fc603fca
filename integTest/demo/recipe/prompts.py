"""Token ids of what the models read: the prompts of the published models, to the letter."""

from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

TASK = "Given a web search query, retrieve relevant passages that answer the query"
PREFIX = (
    "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and"
    ' the Instruct provided. Note that the answer can only be "yes" or "no".<|im_end|>\n'
    "<|im_start|>user\n"
)
SUFFIX = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"


def query_text(query: str, task: str = TASK) -> str:
    """What an embedder reads for a query."""
    return f"Instruct: {task}\nQuery:{query}"


def body_text(query: str, task: str = TASK) -> str:
    """What a reranker reads of a query, up to the document."""
    return f"<Instruct>: {task}\n<Query>: {query}\n<Document>:"


@dataclass
class Batch:
    """Padded ids [batch, length] and the position of each line's last token."""

    ids: torch.Tensor
    last: torch.Tensor


def tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of a checkpoint."""
    found = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found.no_truncation()
    return found


def encode(tokens: Tokenizer, texts: list[str], max_length: int) -> list[list[int]]:
    """Ids that end with the token for the end of the text, the body cut to fit."""
    end = tokens.token_to_id("<|endoftext|>")
    encoded = tokens.encode_batch(texts, add_special_tokens=False)
    return [e.ids[: max_length - 1] + [end] for e in encoded]


def pad(lines: list[list[int]]) -> Batch:
    """A batch padded on the right."""
    longest = max(map(len, lines))
    ids = torch.zeros(len(lines), longest, dtype=torch.long)
    for row, line in enumerate(lines):
        ids[row, : len(line)] = torch.tensor(line)
    return Batch(ids, torch.tensor([len(line) - 1 for line in lines]))


def batches(lines: list[list[int]], tokens: int):
    """(positions, batch) of lines of like length, so many tokens at most."""
    order = sorted(range(len(lines)), key=lambda i: len(lines[i]))
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and (end + 1 - start) * len(lines[order[end]]) <= tokens:
            end += 1
        yield order[start:end], pad([lines[i] for i in order[start:end]])
        start = end
