"""The encoder against GitHub's own Markdown, with autolinks and tables; skipped where `cmark-gfm` is not installed."""

import html
import random
import re
import shutil
import subprocess

import pytest

from bbws_readiness.render.markdown import code, joined, plain, say, table, visible

READER = shutil.which("cmark-gfm")
EXTENSIONS = ("table", "autolink", "strikethrough", "tasklist", "footnotes")
PIECES = (
    *(
        "`",
        "``",
        "|",
        "\\",
        "*",
        "**",
        "_",
        "__",
        "~~",
        "[",
        "]",
        "(",
        ")",
        "<",
        "!",
        "#",
        "&",
        "@",
        "$",
        "-",
        "+",
        ".",
    ),
    *(
        "http://e.x",
        "https://",
        "ftp://e.x",
        "www.e.x",
        "_www.e.x_",
        "*http://e.x*",
        "a@b.co",
        "mailto:a@b.co",
        "xmpp:a@b.c",
    ),
    *("<img src=x>", "<!-- x -->", "&lt;", "&#64;", "#12", "GH-3", "x/y#4", ":tada:", "[^1]", "]:", "1.", "- [x]"),
    *("a", "b", "é", " ", "\n", "\t", "\u200b"),
)

pytestmark = pytest.mark.skipif(READER is None, reason="cmark-gfm is not installed")


def texts(seed: int, number: int = 1500) -> list[str]:
    chance = random.Random(seed)
    return ["".join(chance.choices(PIECES, k=chance.randint(1, 14))) for _ in range(number)]


def drawn(markdown: str) -> str:
    arguments = [word for extension in EXTENSIONS for word in ("-e", extension)]
    command = [READER or "", *arguments, "--unsafe"]
    return subprocess.run(command, input=markdown, capture_output=True, text=True, check=True).stdout


def tags(rendered: str) -> set[str]:
    return set(re.findall(r"<([a-z!][a-z0-9]*)", rendered))


def shown(rendered: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", rendered)).strip("\n")


@pytest.mark.parametrize("seed", range(3))
def test_spans_show_the_text_and_nothing_else(seed: int) -> None:
    found = texts(seed)
    rendered = drawn("\n\nNEXT\n\n".join(code(text) for text in found))
    assert tags(rendered) == {"p", "code"}
    assert [shown(part) for part in rendered.split("<p>NEXT</p>")] == [visible(text) or "(empty)" for text in found]


@pytest.mark.parametrize("seed", range(3))
def test_sentences_draw_nothing_but_code(seed: int) -> None:
    found = texts(seed)
    assert tags(drawn(joined(found, "\n\n"))) <= {"p", "code"}
    assert tags(drawn(joined((say("- **{}** ({}): {}", text, code(text), text) for text in found), "\n"))) <= {
        *("ul", "li", "p", "code", "strong")
    }


@pytest.mark.parametrize("seed", range(3))
def test_tables_keep_their_cells(seed: int) -> None:
    found = texts(seed)
    rendered = drawn(table(("A", "B"), [(plain(text), code(text)) for text in found]))
    assert tags(rendered) <= {"table", "thead", "tbody", "tr", "th", "td", "code"}
    cells = re.findall(r"<td>(.*?)</td>", rendered)
    assert [shown(cell) for cell in cells[1::2]] == [visible(text) or "(empty)" for text in found]
