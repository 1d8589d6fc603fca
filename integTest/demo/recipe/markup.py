"""Plain paragraphs out of manual pages, HTML, reStructuredText and an encyclopedia's pages."""

import html as entities
import re
from html.parser import HTMLParser

FONT = re.compile(r"\\f(?:\[[^]]*\]|\(..|.)|\\s[+-]?\d")
GLYPH = re.compile(r"\\(?:\(..|\[[^]]*\]|\*\(..|\*\[[^]]*\])")
SHOWN = re.compile(r"^\.(?:B|I|BR|BI|IR|IB|RB|RI|SM|SB|SH|SS|TP|IP|UR|UE|MR)\b ?")


def manual(troff: str) -> list[tuple[str, str]]:
    """(heading, paragraph) of a manual page; examples in verbatim text are left out."""
    out, heading, words, verbatim, after_sh = [], "", [], False, False

    def flush():
        text = " ".join(" ".join(words).split())
        if text:
            out.append((heading, text))
        words.clear()

    for line in troff.splitlines():
        if line.startswith((".nf", ".EX", ".Vb")):
            verbatim = True
        elif line.startswith((".fi", ".EE", ".Ve")):
            verbatim = False
        elif verbatim or line.startswith((".\\\"", "'\\\"")):
            continue
        elif line.startswith((".SH", ".SS", ".Sh")):
            flush()
            heading = plain(line[3:]).strip(' "')
        elif line.startswith((".PP", ".P", ".LP", ".TP", ".IP", ".sp")) or not line.strip():
            flush()
        elif not line.startswith((".", "'")):
            words.append(plain(line))
        elif SHOWN.match(line):
            words.append(plain(SHOWN.sub("", line)).replace('"', ""))
    flush()
    return out


def plain(line: str) -> str:
    """A line of troff without its escapes."""
    line = FONT.sub("", line.replace("\\-", "-").replace("\\&", "").replace("\\e", "\\"))
    line = line.replace("\\(aq", "'").replace("\\(bu", "")
    return GLYPH.sub(" ", line).replace("\\ ", " ").replace("\\|", "").replace("\\~", " ")


class Html(HTMLParser):
    """Collects (heading, paragraph) from an HTML page."""

    def __init__(self):
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.heading, self.words, self.inside = "", [], None

    def handle_starttag(self, tag, attrs):
        if tag in ("h1", "h2", "h3", "h4", "p"):
            self.inside, self.words = tag, []

    def handle_data(self, data):
        if self.inside:
            self.words.append(data)

    def handle_endtag(self, tag):
        if tag != self.inside:
            return
        text = " ".join("".join(self.words).split())
        if tag == "p" and text:
            self.found.append((self.heading, text))
        elif tag != "p":
            self.heading = re.sub(r"^[\d.]+\s*", "", text)
        self.inside = None


def html(page: str) -> list[tuple[str, str]]:
    """(heading, paragraph) of a page."""
    parser = Html()
    parser.feed(page)
    return parser.found


def rst(page: str) -> list[tuple[str, str]]:
    """(heading, paragraph) of a page of Python's documentation; roles give their text."""
    out, heading = [], ""
    for block in re.split(r"\n\s*\n", page):
        lines = block.strip("\n").splitlines()
        if len(lines) >= 2 and re.fullmatch(r"([=\-*~^\"#])\1{2,}", lines[-1].strip()):
            heading = role_text(lines[-2].strip())
        elif lines and not lines[0].lstrip().startswith(("..", ">>>", "|", "+", ":", "*")):
            if not re.search(r"[{};]\s*$|^\s*(?:import|def|class|#)", lines[0]):
                out.append((heading, " ".join(role_text(block).split())))
    return out


def role_text(text: str) -> str:
    """Text without the marks of roles and literals."""
    text = re.sub(r":[\w:+-]+:`~?!?([^`<]*?)(?:\s*<[^`]*>)?`", r"\1", text)
    return text.replace("``", "").replace("`", "").replace("**", "")


def encyclopedia(page: str) -> list[tuple[str, str]]:
    """(title and heading, paragraph) of a page of Wikipedia that html2text printed; lists and formulas are left out.

    Lines of a paragraph are filled, so that a short one ends it. What follows the heading "See also" is no text.
    """
    # printed as UTF-8 twice
    page = page.encode("latin-1", "ignore").decode("utf-8", "ignore")
    out, title, heading, lines = [], "", "", []

    def flush():
        text = re.sub(r"\[[^][]*\]", "", entities.unescape(" ".join(lines)).replace("_", " "))
        text = " ".join(text.split())
        if text.endswith((".", '."', ")")) and "displaystyle" not in text:
            out.append((f"{title}: {heading}" if heading else title, text))
        lines.clear()

    for line in page.splitlines():
        named = re.fullmatch(r"(\*{3,6}) (.+?)(?:\[edit\])? \1", line)
        if named:
            flush()
            if named[2] in ("See also", "References", "Notes"):
                break
            if len(named[1]) == 6:
                title = named[2]
            else:
                heading = named[2]
        elif line.startswith(" ") or not line.strip():
            flush()
        elif title:
            lines.append(line)
            if len(line) < 60:
                flush()
    return out
