"""What GitHub makes of a document: cmark-gfm with its extensions, read by an HTML5 parser, and of a line in a log."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

import html5lib
from cmarkgfm.cmark import Options, markdown_to_html_with_extensions

EXTENSIONS = ["table", "autolink", "strikethrough", "tasklist"]
OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES | Options.CMARK_OPT_GITHUB_PRE_LANG

ALIVE = re.compile(
    r"@\w"  # mention
    r"|(?:#|GH-)\d"  # issue
    r"|:(?:[a-z+-][a-z0-9_+-]*|100|1234|8ball):"  # emoji
    r"|\b[0-9a-f]{7,40}\b"  # commit
    r"|\$[^\s$][^$]*\$(?!\d)"  # formula
    r"|www\.\w|\w://\w",
    re.IGNORECASE,
)
"""What GitHub brings to life in text that is neither code nor a link, after Markdown has been read."""


def rendered(markdown: str) -> str:
    """The HTML as cmark-gfm writes it: every `<` in it opens or closes an element or a comment."""
    return markdown_to_html_with_extensions(markdown, OPTIONS, EXTENSIONS)


def tags(page: str) -> Counter[str]:
    """The marks of a rendered page as they are written, with their attributes; comments too."""
    return Counter(re.findall(r"<[^>]*>", page))


def text(page: str) -> str:
    """All that a rendered page shows."""
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def loose(page: str) -> str:
    """What it shows outside of code and links, with a line end where one of these stands."""
    return text(re.sub(r"<(code|pre|a)\b.*?</\1>", "\n", page, flags=re.DOTALL))


@dataclass(frozen=True)
class Drawn:
    """A rendered page as a browser understands it."""

    tags: Counter[str]
    attributes: Counter[tuple[str, str, str]]
    """Tag, name and value."""
    comments: tuple[str, ...]
    text: str


def drawn(page: str) -> Drawn:
    """`page`, which is HTML, read by an HTML5 parser."""
    found = Drawn(Counter(), Counter(), (), "")
    comments: list[str] = []
    texts: list[str] = []

    def walk(node: Element) -> None:
        for child in node:
            if callable(child.tag):
                comments.append(child.text or "")
            else:
                name = child.tag.split("}")[-1]
                found.tags[name] += 1
                found.attributes.update((name, str(key), value) for key, value in child.attrib.items())
                texts.append(child.text or "")
                walk(child)
            texts.append(child.tail or "")

    tree = html5lib.parseFragment(page)
    texts.append(tree.text or "")
    walk(tree)
    return replace(found, comments=tuple(comments), text="".join(texts))


Command = tuple[str, dict[str, str], str]
"""Name, properties and data of a command to the runner."""


def command_of(line: str) -> Command | None:
    """What the runner of GitHub Actions understands: `::name props::data` first, else `##[name props]data` anywhere.

    A port of its ActionCommand.TryParseV2 and TryParse, for which every name is a known one.
    """
    return _second_form(line) or _first_form(line)


def _second_form(line: str) -> Command | None:
    line = line.lstrip()
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, properties = line[2:end].partition(" ")
    pairs = [part.split("=", 1) for part in properties.strip().split(",") if "=" in part]
    plain = {key: _plain(value, "%0D\r", "%0A\n", "%3A:", "%2C,") for key, value in pairs}
    return name, plain, _plain(line[end + 2 :], "%0D\r", "%0A\n")


def _first_form(line: str) -> Command | None:
    start = line.find("##[")
    end = line.find("]", start)
    if start < 0 or end < 0:
        return None
    name, _, properties = line[start + 3 : end].partition(" ")
    pairs = [part.split("=", 1) for part in properties.split(";") if "=" in part]
    return name, dict(pairs), line[end + 1 :]


def _plain(text: str, *escapes: str) -> str:
    for escape in escapes:
        text = text.replace(escape[:3], escape[3:])
    return text.replace("%25", "%")


def commands_in(text: str) -> list[Command]:
    """Those of a whole log. The runner ends a line at every carriage return and line feed."""
    return [found for line in re.split(r"[\r\n]", text) if (found := command_of(line))]


STEERING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""What no output may hold: controls but line ends, zero-width, bidirectional, tag characters and halves of pairs."""
