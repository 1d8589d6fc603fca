"""Makes the training texts: pairs of a short text and a longer one that it speaks of.

work/pairs.jsonl has one object per line: `kind`, `query`, `document`. work/words.txt has single
words. Nothing of any collection's queries is read; of Cranfield nothing at all.
"""

import ast
import gzip
import json
import random
import re
import subprocess
import sys
import sysconfig
import textwrap
from collections import Counter
from pathlib import Path

import beir
import markup
import place

SEED = 5
PASSAGE_WORDS = 75
CODE_WORDS = 100
FUNCTIONS = 45_000
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"(])")


def main() -> None:
    random.seed(SEED)
    unpacked = unpack()
    pairs = []
    for kind, source in (
        ("package", packages()),
        ("manual", manuals(unpacked)),
        ("book", books(unpacked)),
        ("code", code(unpacked)),
        ("function", functions()),
        ("wiki", wiki()),
        ("topic", topics()),
        ("word", glosses(unpacked)),
    ):
        found = [(kind, q.strip(), d.strip()) for q, d in source]
        found = [p for p in dict.fromkeys(found) if len(p[1]) > 3 and len(p[2]) > 20]
        print(kind, len(found))
        pairs += found
    with open(place.WORK / "pairs.jsonl", "w") as out:
        for kind, query, document in pairs:
            out.write(json.dumps({"kind": kind, "query": query, "document": document}) + "\n")
    words = (unpacked / "wamerican/usr/share/dict/american-english").read_text().split()
    words = [w for w in words if "'" not in w]
    (place.WORK / "words.txt").write_text("\n".join(words) + "\n")


def unpack() -> Path:
    """Unpacks each .deb into a folder of the package's name."""
    target = place.WORK / "unpacked"
    target.mkdir(exist_ok=True)
    for deb in place.PACKAGES.glob("*.deb"):
        folder = target / deb.name.split("_")[0]
        if not folder.exists():
            subprocess.run(["dpkg", "-x", deb, folder], check=True)
    return target


def packages():
    """Titles and descriptions of Debian's packages; paragraphs that many share are left out."""
    entries, seen = [], Counter()
    for file in sorted((place.WORK / "lists").glob("*_Translation-en")):
        for stanza in file.read_text().split("\n\n"):
            match = re.search(r"^Description-en: (.*)\n((?: .*\n?)*)", stanza, re.M)
            if match:
                body = re.sub(r"^ ?", "", match[2], flags=re.M)
                paragraphs = [" ".join(p.split()) for p in re.split(r"^\.$", body, flags=re.M)]
                seen.update(set(paragraphs))
                entries.append((match[1], paragraphs))
    told = set()
    for title, paragraphs in entries:
        own = [p for p in paragraphs if p and (seen[p] <= 2 or p not in told)]
        told.update(own)
        if own:
            yield title, head(" ".join(own))
            if len(own) > 1 and len(own[0].split()) > 6:
                yield sentences(own[0])[0], head(" ".join(own[1:]))


def manuals(unpacked: Path):
    """One-line summaries of manual pages with their texts, and sentences with their passages."""
    for name in ("manpages", "manpages-dev", "git-man", "perl-doc"):
        for file in sorted((unpacked / name).rglob("*.[1-9]*.gz")):
            found = markup.manual(gzip.open(file, "rt", errors="replace").read())
            summary = next((t for h, t in found if h == "NAME"), "").split(" - ", 1)[-1]
            rest = [(h, t) for h, t in found if h not in ("NAME", "COLOPHON", "SEE ALSO")]
            for i, passage in enumerate(passages(rest)):
                if i < 2 and summary:
                    yield summary, passage
                yield from cloze(passage)


def books(unpacked: Path):
    """Sentences of handbooks with their passages."""
    pages = []
    for file in sorted((unpacked / "debian-handbook").rglob("html/en-US/*.html")):
        pages.append(markup.html(file.read_text()))
    for file in sorted((unpacked / "octave-doc").rglob("octave.html/*.html")):
        pages.append(markup.html(file.read_text(errors="replace")))
    for name in ("postgresql-doc-15", "calculix-ccx-doc"):
        for file in sorted((unpacked / name).rglob("*.html")):
            pages.append(markup.html(file.read_text(errors="replace")))
    for file in sorted((unpacked / "python3.11-doc").rglob("*.rst.txt")):
        pages.append(markup.rst(file.read_text()))
    for page in pages:
        for passage in passages(page):
            yield from cloze(passage)


def wiki():
    """Sentences of the paragraphs of xquad-en with their paragraph."""
    for document in beir.load("xquad-en").documents:
        parts = sentences(document)
        for part in parts[:3]:
            yield part, head(" ".join(p for p in parts if p != part))


def topics():
    """Sentences of an encyclopedia's articles on science and engineering with their passages, and headings with theirs."""
    told = set()
    for file in sorted((place.WORK / "encyclopedia").rglob("wiki.md")):
        page = file.read_text(errors="replace")
        address = page.split(maxsplit=8)[7]
        if address in told or "Special:Search" in address or not address.startswith("http"):
            continue
        told.add(address)
        found = markup.encyclopedia(page)
        headings = [h for h, _ in found]
        for passage in passages(found):
            yield from cloze(passage)
        for i, (heading, text) in enumerate(found):
            if heading not in headings[:i] and len(text.split()) > 20:
                yield heading.replace(": ", " "), head(text)


def glosses(unpacked: Path):
    """Words of WordNet with what they mean; every other time the meaning does not repeat them."""
    for file in sorted((unpacked / "wordnet-base/usr/share/wordnet").glob("data.*")):
        for line in file.read_text().splitlines():
            if line.startswith("  "):
                continue  # the licence
            entry, gloss = line.split(" | ", 1)
            fields = entry.split(" ")
            # see wndb(5): words and their numbers stand by turns behind their count
            found = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
            words = [re.sub(r"\(\w+\)$", "", w).replace("_", " ") for w in found]
            told = gloss.strip() if random.random() < 0.5 else f"{', '.join(words)}: {gloss.strip()}"
            yield random.choice(words), head(told)


def code(unpacked: Path):
    """Docstrings' first sentences and names of functions with the functions."""
    roots = [sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")]
    roots += [str(p) for p in sorted(unpacked.glob("*/usr/lib/python3/dist-packages"))]
    found = {}
    for root in roots:
        for file in sorted(Path(root).rglob("*.py")):
            if "site-packages" in str(file)[len(root) :] or "/test" in str(file):
                continue
            try:
                source = file.read_text()
                tree = ast.parse(source)
                lines = source.splitlines()
            except (SyntaxError, UnicodeDecodeError, ValueError):
                continue
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("__"):
                    doc = ast.get_docstring(node)
                    if doc and len(first_sentence(doc).split()) > 2:
                        # get_source_segment splits the whole file for each function
                        block = "\n".join(lines[node.lineno - 1 : node.end_lineno])
                        text = textwrap.dedent(block)
                        if len(text) < 4000:
                            found[text] = (node.name, first_sentence(doc))
    chosen = random.sample(sorted(found), min(FUNCTIONS, len(found)))
    for text in chosen:
        yield from function_pairs(*found[text], text)


def functions():
    """The same of the functions of cosqa-dev."""
    for text in beir.load("cosqa-dev").documents:
        name = re.search(r"def (\w+)", text)
        doc = re.search(r'"""(.*?)"""|\'\'\'(.*?)\'\'\'', text, re.S)
        if name and doc:
            yield from function_pairs(name[1], first_sentence(doc[1] or doc[2] or ""), text)


def function_pairs(name: str, sentence: str, text: str):
    """What a searcher may type for a function, with it: with its docstring or without."""
    spoken = " ".join(re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)).lower()
    lowered = sentence.rstrip(".").lower()
    query = random.choice([lowered, "python " + lowered, spoken + " python", "python " + spoken])
    bare = re.sub(r'("""|\'\'\').*?\1', "", text, count=1, flags=re.S)
    yield query, head(text, CODE_WORDS)
    if len(bare) > len(name) + 40:
        yield random.choice([lowered, sentence]), head(bare, CODE_WORDS)


def first_sentence(doc: str) -> str:
    """The first sentence of a docstring."""
    paragraph = " ".join(doc.strip().split("\n\n")[0].split())
    return re.split(r"(?<=\.)\s|:param|@param|Args:|>>>", paragraph)[0][:160].strip()


def passages(found: list[tuple[str, str]]):
    """Joins neighbouring paragraphs of one heading up to a passage's length."""
    current, under = [], None
    for heading, text in found:
        count = len(text.split())
        if current and (heading != under or len(" ".join(current).split()) + count > PASSAGE_WORDS):
            yield " ".join(current)
            current = []
        under = heading
        current.append(head(text))
    if current:
        yield " ".join(current)


def cloze(passage: str):
    """A sentence of a passage with the rest of it."""
    parts = [s for s in sentences(passage) if len(s.split()) > 5]
    if len(parts) > 1 and len(passage.split()) > 25:
        one = random.choice(parts)
        yield head(one, 30), passage.replace(one, "").strip()


def sentences(text: str) -> list[str]:
    """Splits a paragraph."""
    return SENTENCE.split(text)


def head(text: str, words: int = PASSAGE_WORDS) -> str:
    """A text's first words, its white space kept."""
    match = re.match(r"\s*(?:\S+\s*){0,%d}" % words, text)
    return match[0].rstrip()


if __name__ == "__main__":
    sys.setrecursionlimit(10_000)
    main()
