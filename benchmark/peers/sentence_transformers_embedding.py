"""Qwen3-Embedding on sentence-transformers, in float32, in its default batches of 32, which it sorts by length.

Besides the checkpoint it wants to be told how a vector is made of the hidden states; the published folder has files for that, a
random one has not, so they are written here as published.
"""

import json
import os
import pathlib
import sys
import tempfile

import torch
from sentence_transformers import SentenceTransformer

import protocol

FILES = {
    "modules.json": [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
    ],
    "tokenizer_config.json": {
        "tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "<|endoftext|>", "padding_side": "left", "model_max_length": 8192,
    },
    "2_Normalize/config.json": {},
}

checkpoint, threads = pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2])
torch.set_num_threads(threads)
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    hidden = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))["hidden_size"]
    pooling = {"word_embedding_dimension": hidden, "pooling_mode_lasttoken": True, "pooling_mode_mean_tokens": False}
    for path, content in {**FILES, "1_Pooling/config.json": pooling}.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(json.dumps(content), encoding="utf-8")
    for file in checkpoint.iterdir():
        if file.name == "config.json" or file.name == "tokenizer.json" or "safetensors" in file.name:
            os.symlink(file, folder / file.name)
    model = SentenceTransformer(str(folder), device="cpu", model_kwargs={"dtype": torch.float32})

protocol.answer(embed=lambda texts: model.encode(texts, normalize_embeddings=True, show_progress_bar=False).tolist())
