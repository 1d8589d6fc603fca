"""Qwen3-Reranker as its model card runs it on transformers, in float32, in batches of 10.

Batches are padded on the left, and the logits of the whole vocabulary are computed at every position, as the card's code does.
"""

import json
import pathlib
import sys

import torch
import transformers

import protocol

BATCH = 10
MAX_LENGTH = 8192

prompts = json.loads(pathlib.Path(__file__).with_name("prompts.json").read_text(encoding="utf-8"))
folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
tokenizer = transformers.PreTrainedTokenizerFast(
    tokenizer_file=f"{folder}/tokenizer.json", padding_side="left", pad_token="<|endoftext|>")
model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
no = tokenizer.convert_tokens_to_ids("no")
yes = tokenizer.convert_tokens_to_ids("yes")
prefix = tokenizer.encode(prompts["prefix"], add_special_tokens=False)
suffix = tokenizer.encode(prompts["suffix"], add_special_tokens=False)


def inputs(pairs):
    room = MAX_LENGTH - len(prefix) - len(suffix)
    ids = tokenizer(pairs, padding=False, truncation=True, return_attention_mask=False, max_length=room)["input_ids"]
    return tokenizer.pad({"input_ids": [prefix + i + suffix for i in ids]}, padding=True, return_tensors="pt")


@torch.no_grad()
def rerank(query, texts):
    scores = []
    pairs = [prompts["body"].format(query=query, document=text) for text in texts]
    for i in range(0, len(pairs), BATCH):
        batch = inputs(pairs[i:i + BATCH])
        logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits[:, -1, :]
        both = torch.stack([logits[:, no], logits[:, yes]], dim=1)
        scores += torch.nn.functional.log_softmax(both, dim=1)[:, 1].exp().tolist()
    return scores


protocol.answer(rerank=rerank)
