"""The product's own network in Python: the program text of models/.../network/*.torchscript, driven step by step as Network.java does.

Only the language of the driver differs: archive, weights, prefixes and passes are those of ScriptArchive, WeightLoader, Prefix and
Network in Java. gpu.py measures it.
"""

import io
import pathlib
import typing
import zipfile

import torch

RESOURCES = "models/src/main/resources/io/github/qwen3retrieval/models/network"
PROGRAM = pathlib.Path(__file__).resolve().parent.parent / RESOURCES
# What FloatArithmetic and FloatProduct put together on a GPU, for float32 and bfloat16 alike.
PARTS = ("qwen3.torchscript", "float.torchscript", "linear.torchscript")
# The codes of torch's scalar types, which the program takes.
TYPE_CODES = {torch.float32: 6, torch.bfloat16: 15}
# A layer's tensors in the order of float.torchscript.
LAYER = (
    "input_layernorm", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.q_norm", "self_attn.k_norm",
    "self_attn.o_proj", "post_attention_layernorm", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj")
# Most rows of a mask behind a prefix.
BLOCK = 512


def archive(folder):
    """The bytes that libtorch loads: a zip of stored entries with the code and a pickled object of its class that holds nothing."""
    code = b"".join((folder / part).read_bytes() + b"\n" for part in PARTS)
    module = b"\x80\x02c__torch__\nQwen3\n)\x81}(X\x08\x00\x00\x00training\x89ub."
    entries = {
        "data.pkl": module, "constants.pkl": b"\x80\x02).", "code/__torch__.py": code, "version": b"3\n", "byteorder": b"little"}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as file:
        for name, entry in entries.items():
            file.writestr("qwen3/" + name, entry)
    return content.getvalue()


def load_program(folder):
    """The program, whose methods the network calls; it holds no weights and serves every precision."""
    return torch.jit.load(io.BytesIO(archive(folder)))


class Prefix(typing.NamedTuple):
    """A beginning that sequences share: its length in tokens, and of every layer the keys and values [length, K, D]."""

    length: int
    layers: list


class Network:
    """The weights of a checkpoint in one precision, ready to run.

    `tensors` are those of a checkpoint in bfloat16, by their published names without `model.` in front; `table` is the embedding
    table, which stays in the memory of the host and is the output head too.
    """

    def __init__(self, program, tensors, table, config, precision):
        self.program, self.table, self.config = program, table, config
        self.theta = float(config.rope_parameters["rope_theta"])

        def weight(name):
            # the Java binding cannot name bfloat16: the bytes come in labelled float16, and the program reads them anew
            stored = tensors[name + ".weight"].view(torch.float16)
            return program.weight(stored, TYPE_CODES[torch.bfloat16], TYPE_CODES[precision])

        self.layers = [[weight(f"layers.{i}.{name}") for name in LAYER] for i in range(config.num_hidden_layers)]
        self.final_gain = weight("norm")
        self.device = self.final_gain.device

    def weight_bytes(self):
        """Bytes of the weights on the device."""
        return sum(w.nbytes for layer in self.layers for w in layer) + self.final_gain.nbytes

    def embed(self, sequences):
        """Rows of the table for all tokens [T, H], gathered as float32 by the host, then in the type and on the device of the weights."""
        ids = torch.tensor([token for sequence in sequences for token in sequence])
        return self.program.start(self.table[ids].float().to(self.device), self.final_gain)

    def prefix(self, before, ids):
        """A prefix of the tokens `ids` behind a shorter prefix, or behind None."""
        run, layers = Pass(self, [ids], before), []
        for i in range(self.config.num_hidden_layers):
            added = run.layer(i)
            layers.append(added if before is None else self.program.behind(before.layers[i], added))
        return Prefix(len(ids) + (0 if before is None else before.length), layers)

    def forward(self, sequences, prefix=None):
        """Final hidden state [S, H] of each sequence's last token, in float32 on the device."""
        run = Pass(self, sequences, prefix)
        for i in range(self.config.num_hidden_layers - 1):
            run.layer(i)
        return run.last_layer()

    def last_hidden(self, sequences):
        """The same on the host."""
        return self.program.fetch(self.forward(sequences))

    def logits(self, sequences, prefix, tokens):
        """Logits [S, tokens] of some tokens behind each sequence, on the host."""
        rows = self.table[torch.tensor(tokens)].float().to(self.device)
        return self.program.fetch(self.program.logits(self.forward(sequences, prefix), rows))


class Pass:
    """One run of a batch through the layers: the residual stream and what every layer needs."""

    def __init__(self, network, sequences, prefix=None):
        program, config = network.program, network.config
        before = 0 if prefix is None else prefix.length
        self.network, self.prefix = network, prefix
        self.stream = network.embed(sequences)
        self.lens = [len(ids) for ids in sequences]
        self.angles = program.angles(self.lens, before, config.head_dim, network.theta, self.stream)
        block = 0 if prefix is None else min(BLOCK, max(self.lens))
        self.mask = program.mask(block, before, self.stream)

    def past(self, index):
        return [] if self.prefix is None else self.prefix.layers[index]

    def layer(self, index):
        """Runs a layer; its keys and values [T, K, D] come back."""
        network = self.network
        self.stream, keys, values = network.program.layer(
            self.stream, network.layers[index], self.lens, self.angles, self.past(index), self.mask, network.config.rms_norm_eps)
        return [keys, values]

    def last_layer(self):
        network = self.network
        return network.program.last_layer(
            self.stream, network.layers[-1], self.lens, self.angles, self.past(-1), network.final_gain, network.config.rms_norm_eps)


def batches(sequences, max_tokens):
    """Numbers of the sequences of each pass, as the node cuts them: in order of arrival, as many as the tokens allow, at least one."""
    tokens, out = 0, []
    for number, ids in enumerate(sequences):
        if not out or tokens + len(ids) > max_tokens:
            out.append([])
            tokens = 0
        out[-1].append(number)
        tokens += len(ids)
    return out


def embed(network, sequences, max_tokens):
    """Unit vectors [S, H] of the sequences, on the host; a pass takes the longest first."""
    hidden = torch.empty(len(sequences), network.config.hidden_size)
    for numbers in batches(sequences, max_tokens):
        numbers.sort(key=lambda number: -len(sequences[number]))
        hidden[numbers] = network.last_hidden([sequences[number] for number in numbers])
    return torch.nn.functional.normalize(hidden, dim=1)


def rerank(network, template, shared, tails, words, max_tokens):
    """P(yes) of each tail [S], on the host.

    `template` is the prefix of all requests, computed before; `shared` are the tokens behind it that a request's prompts share, which
    are computed here; `words` are the tokens for yes and no.
    """
    prefix = network.prefix(template, shared)
    logits = [network.logits([tails[n] for n in numbers], prefix, words) for numbers in batches(tails, max_tokens)]
    yes, no = torch.cat(logits).unbind(1)
    return torch.sigmoid(yes - no)
