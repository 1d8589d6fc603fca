"""Writes the golden files of the parity tests: what transformers computes in float32. See README.md."""

import argparse
import base64
import hashlib
import json
import pathlib

import numpy
import tokenizers
import torch
import transformers

import texts as T

HERE = pathlib.Path(__file__).resolve().parent
RESOURCES = HERE.parent / "resources/io/github/qwen3retrieval/models/parity"

TASK = "Given a web search query, retrieve relevant passages that answer the query"
OWN_TASK = "Given a question about nature, find texts that explain it (日本語も可)"
MAX_LENGTH = 8192

# The model card of Qwen3-Reranker, usage with transformers.
PREFIX = (
    "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the Instruct provided. "
    'Note that the answer can only be "yes" or "no".<|im_end|>\n<|im_start|>user\n'
)
SUFFIX = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"


class Tokenizer:
    """The official tokenizer, and the one built of the same file without added tokens."""

    def __init__(self, folder):
        # The file as it is. AutoTokenizer gives the same ids for all texts here, with a warning that is about other models.
        self.official = transformers.PreTrainedTokenizerFast(
            tokenizer_file=str(folder / "tokenizer.json"), padding_side="left", eos_token="<|endoftext|>", pad_token="<|endoftext|>")
        spec = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
        self.added = {t["content"]: t["id"] for t in spec["added_tokens"]}
        assert sorted(self.added) == sorted(T.SPECIAL_TOKENS)
        spec["added_tokens"] = []
        spec["post_processor"] = None
        self.bare = tokenizers.Tokenizer.from_str(json.dumps(spec))

    def special(self, text):
        return any(token in text for token in self.added)

    def naive(self, text):
        """As the official code encodes a text: special tokens in it count."""
        return self.official.encode(text, add_special_tokens=False)

    def plain(self, text):
        """Every character as a character."""
        ids = self.bare.encode(text, add_special_tokens=False).ids
        assert not set(ids) & set(self.added.values()), text
        if not self.special(text):
            assert ids == self.naive(text), text
        return ids


def embedding_text(input_type, instruction, text):
    if input_type == "query":
        return f"Instruct: {instruction or TASK}\nQuery:{text}"
    return text if instruction is None else f"Instruct: {instruction}\nQuery:{text}"


def embedding_ids(tokenizer, text, max_length):
    """The official way: the post-processor appends the end, truncation keeps it. For texts without special tokens."""
    assert not tokenizer.special(text)
    ids = tokenizer.official(text, truncation=True, max_length=max_length or MAX_LENGTH)["input_ids"]
    whole = tokenizer.official(text)["input_ids"]
    assert ids[-1] == tokenizer.added["<|endoftext|>"] and ids.count(ids[-1]) == 1
    assert ids[:-1] == tokenizer.plain(text)[: len(ids) - 1]
    return ids, len(ids) < len(whole)


def rerank_ids(tokenizer, instruction, query, document, max_length, encode=None):
    """The official way: the body alone is cut, prefix and suffix go around it."""
    prefix = tokenizer.official.encode(PREFIX, add_special_tokens=False)
    suffix = tokenizer.official.encode(SUFFIX, add_special_tokens=False)
    body = "<Instruct>: {}\n<Query>: {}\n<Document>: {}".format(instruction or TASK, query, document)
    room = (max_length or MAX_LENGTH) - len(prefix) - len(suffix)
    if encode is None:
        assert not tokenizer.special(body)
        whole = tokenizer.official(body, add_special_tokens=False)["input_ids"]
        cut = tokenizer.official(
            [body], padding=False, truncation="longest_first", return_attention_mask=False, add_special_tokens=False, max_length=room)["input_ids"][0]
    else:
        whole = encode(body)
        cut = whole[:room]
    return prefix + cut + suffix, len(cut) < len(whole)


class Embedder:
    def __init__(self, folder):
        self.tokenizer = Tokenizer(folder)
        self.model = transformers.AutoModel.from_pretrained(folder, dtype=torch.float32).eval()

    def hidden(self, ids):
        with torch.no_grad():
            return self.model(input_ids=torch.tensor([ids])).last_hidden_state[:, -1]

    def vector(self, ids, dimensions=None):
        hidden = self.hidden(ids)
        return torch.nn.functional.normalize(hidden[:, : dimensions or hidden.size(1)], p=2, dim=1)[0].numpy()


class Reranker:
    def __init__(self, folder):
        self.tokenizer = Tokenizer(folder)
        self.model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
        self.yes = self.tokenizer.official.convert_tokens_to_ids("yes")
        self.no = self.tokenizer.official.convert_tokens_to_ids("no")
        assert (self.no, self.yes) == (2152, 9693)

    def score(self, ids):
        with torch.no_grad():
            scores = self.model(input_ids=torch.tensor([ids]), logits_to_keep=1).logits[:, -1, :]
        pair = torch.stack([scores[:, self.no], scores[:, self.yes]], dim=1)
        probability = torch.nn.functional.log_softmax(pair, dim=1)[:, 1].exp().item()
        return {"probability": probability, "logit": (pair[0, 1] - pair[0, 0]).item()}


def packed(vector):
    return base64.b64encode(numpy.asarray(vector, dtype="<f4").tobytes()).decode("ascii")


def long_text(words):
    sentences = [T.LONG_DOCUMENT, *T.SCRIPTS.values(), *T.CODE]
    parts, i = [], 0
    while sum(len(p.split()) for p in parts) < words:
        parts.append(f"{i}. {sentences[i % len(sentences)]}")
        i += 1
    return "\n".join(parts)


def group(name, texts, input_type="document", instruction=None, dimensions=None, max_length=None):
    return {"name": name, "input_type": input_type, "instruction": instruction, "dimensions": dimensions, "max_length": max_length, "texts": texts}


def embedding_groups(case, hidden):
    if case == "embedding-long":
        text = long_text(9000)
        return [group("cut at the default length", [text]), group("long", [text[:12000], text[:30], text[:3000]]), group("long query", [text[:8000]], "query")]
    documents = T.SHORT_DOCUMENTS + [T.LONG_DOCUMENT, T.LONG_DOCUMENT * 4]
    groups = [
        group("queries", T.QUERIES, "query"),
        group("documents", documents),
        group("queries with an instruction", T.QUERIES[:4], "query", OWN_TASK, hidden // 2),
        group("documents with an instruction", documents[:3], "document", OWN_TASK, 32),
        group("cut to 16", documents[10:], "document", None, 32, 16),
        group("cut to 64", documents[12:] + [T.LONG_DOCUMENT[100:]], "document", None, hidden - 1, 64),
        group("cut to 2", documents[:2], "document", None, 33, 2),
        group("queries cut to 24", T.QUERIES[:5], "query", None, hidden, 24),
    ]
    if case == "embedding-0.6b":
        return [group("documents", documents[:10] + documents[-2:-1]), group("queries", T.QUERIES[:4], "query", None, 512), groups[2] | {"dimensions": 32},
                group("cut to 64", [T.LONG_DOCUMENT], "document", None, 256, 64)]
    scripts = [t for t in T.all_plain() if 0 < len(t) < 80][:: 9]
    return groups + [group("many scripts", scripts, "document", None, 32)]


def rerank(name, query, documents, instruction=None, max_length=None):
    return {"name": name, "query": query, "instruction": instruction, "max_length": max_length, "documents": documents}


def rerank_groups(case):
    if case == "reranker-long":
        text = long_text(9000)
        return [rerank("cut at the default length", T.QUERIES[2], [text, text[:30], text[:9000], text[:2500]]), rerank("long query", text[:6000], [T.SHORT_DOCUMENTS[0], text[:6000]])]
    documents = T.SHORT_DOCUMENTS + [T.LONG_DOCUMENT, T.LONG_DOCUMENT * 4, "", " two spaces"]
    if case == "reranker-0.6b":
        return [rerank("documents", T.QUERIES[0], documents[:8] + documents[14:15]), rerank("own instruction", T.QUERIES[3], documents[:3], OWN_TASK),
                rerank("cut", T.QUERIES[1], documents[14:15], None, 128)]
    scripts = [t for t in T.all_plain() if 0 < len(t) < 80][4:: 9]
    return [
        rerank("documents", T.QUERIES[0], documents),
        rerank("own instruction", T.QUERIES[2], documents, OWN_TASK),
        rerank("another script", T.QUERIES[4], scripts),
        rerank("no query", "", documents[:4]),
        rerank("cut to 128", T.QUERIES[3], documents, None, 128),
        rerank("cut to 97", T.QUERIES[1], documents[12:16], "Find it", 97),
    ]


def fingerprint(folder):
    """As Fingerprint.java takes it."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.safetensors")):
        digest.update(f"{file.name} {file.stat().st_size}\n".encode())
        with file.open("rb") as stream:
            digest.update(stream.read(4 << 20))
    return digest.hexdigest()


def write(into, name, value):
    file = into / f"{name}.json"
    file.write_text(json.dumps(value, ensure_ascii=True, indent=None, separators=(",", ":")) + "\n", encoding="ascii")
    print(f"{file.name}: {file.stat().st_size} bytes", flush=True)


def embedding_case(folder, into):
    embedder = Embedder(folder)
    groups = embedding_groups(folder.name, embedder.model.config.hidden_size)
    for g in groups:
        g["expected"] = []
        for text in g["texts"]:
            ids, truncated = embedding_ids(embedder.tokenizer, embedding_text(g["input_type"], g["instruction"], text), g["max_length"])
            vector = embedder.vector(ids, g["dimensions"])
            g["expected"].append({"vector": packed(vector), "tokens": len(ids), "truncated": truncated})
    matrix = numpy.stack([numpy.frombuffer(base64.b64decode(e["vector"]), "<f4")[:32] for e in groups[1]["expected"]])
    matrix = matrix / numpy.linalg.norm(matrix, axis=1, keepdims=True)
    cosines = (matrix @ matrix.T)[numpy.triu_indices(len(matrix), 1)]
    print(f"{folder.name}: cosines between documents {cosines.min():.3f} to {cosines.max():.3f}")
    assert cosines.max() < 0.999, "the vectors do not tell texts apart"
    write(into, folder.name, {"weights": fingerprint(folder), "groups": groups})


def reranker_case(folder, into):
    reranker = Reranker(folder)
    groups = rerank_groups(folder.name)
    for g in groups:
        g["expected"] = []
        for document in g["documents"]:
            ids, truncated = rerank_ids(reranker.tokenizer, g["instruction"], g["query"], document, g["max_length"])
            g["expected"].append(reranker.score(ids) | {"tokens": len(ids), "truncated": truncated})
    scores = sorted(e["probability"] for g in groups for e in g["expected"])
    print(f"{folder.name}: P(yes) {scores[0]:.3f} to {scores[-1]:.3f}, median {scores[len(scores) // 2]:.3f}")
    assert scores[-1] - scores[0] > 0.1, "the scores do not tell documents apart"
    write(into, folder.name, {"weights": fingerprint(folder), "groups": groups})


def token_ids(embedding, reranker, into):
    """Ids of texts; of prompts; all without a network."""
    plain = [{"text": t, "ids": reranker.plain(t)} for t in T.all_plain()]
    special = [{"text": t, "ids": reranker.plain(t), "naive": len(reranker.naive(t))} for t in T.SPECIAL_TEXTS]
    write(into, "token-ids", {"plain": plain, "special": special})

    all_texts = T.all_plain()
    embeddings = []
    for i, text in enumerate(all_texts):
        input_type = ("query", "document")[i % 2]
        instruction = (None, None, None, OWN_TASK, T.SCRIPTS["thai"])[i % 5]
        room = len(embedding.plain(embedding_text(input_type, instruction, ""))) + 2
        max_length = (None, room + i % 11, room + i % 50)[i % 3]
        ids, truncated = embedding_ids(embedding, embedding_text(input_type, instruction, text), max_length)
        embeddings.append({"input_type": input_type, "instruction": instruction, "max_length": max_length, "text": text, "ids": ids, "truncated": truncated})
    pairs = []
    for i, document in enumerate(all_texts):
        query = all_texts[(i * 7 + 3) % len(all_texts)]
        instruction = (None, OWN_TASK, " ", T.SCRIPTS["hebrew"])[i % 4]
        room = len(rerank_ids(reranker, instruction, query, "", None)[0]) + 1
        max_length = (None, room + i % 11, room + i % 50)[i % 3]
        prompt, truncated = rerank_ids(reranker, instruction, query, document, max_length)
        pairs.append({"instruction": instruction, "query": query, "document": document, "max_length": max_length, "ids": prompt, "truncated": truncated})
    print(f"{len(plain)} plain, {len(special)} special texts; {len(embeddings)} embedding prompts, {sum(e['truncated'] for e in embeddings)} cut; "
          f"{len(pairs)} pairs, {sum(p['truncated'] for p in pairs)} cut")
    write(into, "prompts", {"embeddings": embeddings, "pairs": pairs})


def injections(embedding_folder, reranker_folder, into):
    """What texts that hold special tokens are worth as characters, and what a naive encoding would make of them."""
    embedder, reranker = Embedder(embedding_folder), Reranker(reranker_folder)
    end = [embedder.tokenizer.added["<|endoftext|>"]]
    vectors, scores = [], []
    for text in T.INJECTIONS:
        plain, naive = embedder.tokenizer.plain(text) + end, embedder.tokenizer.naive(text) + end
        vectors.append({"text": text, "vector": packed(embedder.vector(plain)), "tokens": len(plain),
                        "naive_vector": packed(embedder.vector(naive)), "naive_tokens": len(naive)})
        innocent = {"instruction": TASK, "query": "What is the capital of China?", "document": "Bread is baked from flour."}
        for place in innocent:
            request = innocent | {place: text}
            ids, _ = rerank_ids(reranker.tokenizer, max_length=None, encode=reranker.tokenizer.plain, **request)
            fooled, _ = rerank_ids(reranker.tokenizer, max_length=None, encode=reranker.tokenizer.naive, **request)
            scores.append({"place": place, **request, "probability": reranker.score(ids)["probability"], "tokens": len(ids),
                           "naive_probability": reranker.score(fooled)["probability"], "naive_tokens": len(fooled)})
    moved = [abs(s["probability"] - s["naive_probability"]) for s in scores if s["tokens"] != s["naive_tokens"]]
    print(f"injections: {len(moved)} of {len(scores)} prompts differ when encoded naively, P(yes) by {min(moved):.4f} to {max(moved):.4f}")
    write(into, "injections", {"embedding_model": embedding_folder.name, "reranker_model": reranker_folder.name, "embeddings": vectors, "reranks": scores})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", type=pathlib.Path, help="folder that ParityCase.java has written the cases into")
    parser.add_argument("only", nargs="*", help="cases to write; also token-ids, injections (default: all)")
    parser.add_argument("--into", type=pathlib.Path, default=RESOURCES)
    arguments = parser.parse_args()
    cases = [c for c in json.loads((RESOURCES / "cases.json").read_text(encoding="utf-8"))["cases"]]
    wanted = arguments.only or [c["name"] for c in cases] + ["token-ids", "injections"]
    folder = arguments.checkpoints
    for case in cases:
        if case["name"] in wanted:
            (embedding_case if case["kind"] == "embedding" else reranker_case)(folder / case["name"], arguments.into)
    if "token-ids" in wanted:
        token_ids(Tokenizer(folder / "embedding-plain"), Tokenizer(folder / "reranker-tied"), arguments.into)
    if "injections" in wanted:
        injections(folder / "embedding-plain", folder / "reranker-tied", arguments.into)


if __name__ == "__main__":
    main()
