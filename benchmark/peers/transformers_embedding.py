"""Qwen3-Embedding as its model card runs it on transformers, in float32, in batches of 8."""

import sys

import torch
import torch.nn.functional as F
import transformers

import protocol

BATCH = 8
MAX_LENGTH = 8192

folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
tokenizer = transformers.PreTrainedTokenizerFast(
    tokenizer_file=f"{folder}/tokenizer.json", padding_side="left", pad_token="<|endoftext|>")
model = transformers.AutoModel.from_pretrained(folder, dtype=torch.float32).eval()


def last_token_pool(hidden, mask):
    if mask[:, -1].sum() == mask.shape[0]:  # padded on the left
        return hidden[:, -1]
    lengths = mask.sum(dim=1) - 1
    return hidden[torch.arange(hidden.shape[0]), lengths]


@torch.no_grad()
def embed(texts):
    vectors = []
    for i in range(0, len(texts), BATCH):
        batch = tokenizer(texts[i:i + BATCH], padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
        hidden = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
        vectors += F.normalize(last_token_pool(hidden, batch["attention_mask"]), p=2, dim=1).tolist()
    return vectors


protocol.answer(embed=embed)
