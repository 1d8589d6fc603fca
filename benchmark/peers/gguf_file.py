"""Makes a GGUF of a Qwen3 checkpoint: gguf_file.py FOLDER embedding|reranker f16|q8_0 FILE.

Names, keys and types are those of llama.cpp's own conversion: a reranker becomes a classifier of the rows of the output head for yes
and no, an embedding model pools the last token and has <|endoftext|> appended.
"""

import json
import pathlib
import sys

import gguf
import torch
from safetensors import safe_open

folder, kind, kept, target = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
spec = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
matrix_type = {"f16": gguf.GGMLQuantizationType.F16, "q8_0": gguf.GGMLQuantizationType.Q8_0}[kept]
theta = config.get("rope_theta") or config["rope_parameters"]["rope_theta"]

LAYER = {
    "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm", "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
}


def name(tensor):
    tensor = tensor.removeprefix("model.").removesuffix(".weight")
    if tensor.startswith("layers."):
        _, layer, rest = tensor.split(".", 2)
        return f"blk.{layer}.{LAYER[rest]}.weight"
    return {"embed_tokens": "token_embd", "norm": "output_norm"}[tensor] + ".weight"


def vocabulary():
    ids = {**spec["model"]["vocab"], **{t["content"]: t["id"] for t in spec["added_tokens"]}}
    added = {t["id"] for t in spec["added_tokens"]}
    tokens = {i: token for token, i in ids.items()}
    texts, types = [], []
    for i in range(config["vocab_size"]):
        texts.append(tokens.get(i, f"[PAD{i}]"))
        known = gguf.TokenType.CONTROL if i in added else gguf.TokenType.NORMAL
        types.append(known if i in tokens else gguf.TokenType.UNUSED)
    merges = [m if isinstance(m, str) else " ".join(m) for m in spec["model"]["merges"]]
    return texts, types, merges, ids


writer = gguf.GGUFWriter(target, "qwen3")
writer.add_name(folder.name)
writer.add_context_length(config["max_position_embeddings"])
writer.add_embedding_length(config["hidden_size"])
writer.add_block_count(config["num_hidden_layers"])
writer.add_feed_forward_length(config["intermediate_size"])
writer.add_head_count(config["num_attention_heads"])
writer.add_head_count_kv(config["num_key_value_heads"])
writer.add_key_length(config["head_dim"])
writer.add_value_length(config["head_dim"])
writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
writer.add_rope_freq_base(theta)
writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16 if kept == "f16" else gguf.LlamaFileType.MOSTLY_Q8_0)
texts, types, merges, ids = vocabulary()
writer.add_tokenizer_model("gpt2")
writer.add_tokenizer_pre("qwen2")
writer.add_token_list(texts)
writer.add_token_types(types)
writer.add_token_merges(merges)
writer.add_add_bos_token(False)
writer.add_pad_token_id(ids["<|endoftext|>"])
if kind == "embedding":
    writer.add_eos_token_id(ids["<|endoftext|>"])
    writer.add_add_eos_token(True)
    writer.add_pooling_type(gguf.PoolingType.LAST)
else:
    writer.add_eos_token_id(ids["<|im_end|>"])
    writer.add_add_eos_token(False)
    writer.add_pooling_type(gguf.PoolingType.RANK)
    writer.add_classifier_output_labels(["yes", "no"])
    template = json.loads(pathlib.Path(__file__).with_name("prompts.json").read_text(encoding="utf-8"))
    writer.add_chat_template([{"name": "rerank", "template": template["prefix"] + template["body"] + template["suffix"]}])


def add(tensor, values):
    values = values.to(torch.float32).numpy()
    if values.ndim == 1:
        writer.add_tensor(tensor, values)
    else:
        writer.add_tensor(tensor, gguf.quants.quantize(values, matrix_type), raw_dtype=matrix_type)


head = None
# without what this product keeps beside a checkpoint
for file in sorted(folder.glob("[!.]*.safetensors")):
    with safe_open(file, framework="pt") as tensors:
        for tensor in tensors.keys():
            values = tensors.get_tensor(tensor)
            if tensor == "lm_head.weight":
                head = values
                continue
            if tensor.endswith("embed_tokens.weight") and head is None:
                head = values
            add(name(tensor), values)
if kind == "reranker":
    rows = torch.stack([head[ids["yes"]], head[ids["no"]]]).to(torch.float32).numpy()
    writer.add_tensor("cls.output.weight", rows)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
