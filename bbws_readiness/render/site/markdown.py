"""Makes the body of a page from a document of the set: its very Markdown, with no HTML of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from msgspec import Struct

from bbws_readiness.patterns import regex
from bbws_readiness.render.encode.html import attribute, element, trusted
from bbws_readiness.render.encode.markdown import anchor

Follow: TypeAlias = Callable[[str], str]
"""From an address in a document to the one on the page; empty where a page has none for it."""
Draw: TypeAlias = Callable[[str], str]
"""From the text of a diagram to trusted markup; empty where it is no diagram of ours."""

_COMMENT = regex(r"<!--.*?-->", re.DOTALL)
_TASK = regex(r"\[([ xX])\](?=\s)")
_ICON = regex("[\u2300-\u2bff\U0001f000-\U0001faff]\ufe0f?")
_DRAWN = {
    "❌": ("cross", "bad"),
    "⚠": ("caution", "warn"),
    "❓": ("question", "unknown"),
    "✅": ("check", "ok"),
    "⏸": ("pause", "unknown"),
    "➖": ("dash", "muted"),
    "⚖": ("scales", "choice"),
    "🔴": ("critical", "bad"),
    "🟡": ("high", "warn"),
    "🟢": ("medium", "unknown"),
    "⚪": ("low", "muted"),
}
"""The signs of `render.wording`, which not every computer can draw: symbol and tone of each."""
_SIGN = regex(f"([{''.join(_DRAWN)}])\ufe0f?")


class Heading(Struct, frozen=True):
    """A section of the second level."""

    name: str
    fragment: str


class Converted(Struct, frozen=True):
    """A document as a page shows it."""

    title: str
    """Its first heading, without marks."""
    sections: tuple[Heading, ...]
    body: Markup


def converted(text: str, *, follow: Follow, draw: Draw) -> Converted:
    """`text` as HTML: comments gone, `<br>` kept, every other tag as text, no image, no address but those of `follow`.

    Headings have the fragments that GitHub gives them.
    """
    pages = _Writer(follow, draw)
    tokens = _parser().parse(text)
    body = "".join(pages.blocks(tokens))
    return Converted(pages.title, tuple(pages.sections), trusted(body))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """Tags are told from text, so that they can be written as text; nothing of them is passed on."""
    rules = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return rules.disable(["image", "autolink"])


class _Writer:
    """Writes the tokens of one document in order."""

    def __init__(self, follow: Follow, draw: Draw) -> None:
        self.title = ""
        self.sections: list[Heading] = []
        self._follow = follow
        self._draw = draw
        self._fragments: dict[str, int] = {}
        self._within = "Table"
        self._open_links: list[str] = []

    def blocks(self, tokens: Sequence[Token]) -> Iterator[str]:
        for position, token in enumerate(tokens):
            match token.type:
                case "inline":
                    yield "".join(self._inline(token.children or []))
                case "heading_open":
                    yield self._heading(token, tokens[position + 1])
                case "fence" | "code_block":
                    yield self._code(token)
                case "html_block":
                    yield _loose(token.content)
                case "table_open":
                    yield f'<div class="scroll" role="group" aria-label={attribute(f"Table: {self._within}")}><table>'
                case "table_close":
                    yield "</table></div>"
                case "th_open" | "td_open":
                    yield _cell(token, tokens[position + 1])
                case "th_close":
                    yield "</th>" if tokens[position - 1].content.strip() else "</td>"
                case "list_item_open":
                    yield '<li class="task">' if _is_task(tokens[position + 1 : position + 3]) else "<li>"
                case "ordered_list_open":
                    start = token.attrGet("start")
                    yield f'<ol start="{int(start)}">' if start is not None else "<ol>"
                case "hr":
                    yield "<hr>"
                case _ if token.hidden:
                    continue
                case _:
                    yield f"</{token.tag}>\n" if token.nesting < 0 else f"<{token.tag}>"

    def _heading(self, token: Token, inline: Token) -> str:
        words = _words(inline.children or [])
        fragment = self._unique(anchor(words) or "section")
        name = " ".join(_ICON.sub("", words).split())
        if token.tag == "h1" and not self.title:
            self.title = name
        if token.tag == "h2":
            self.sections.append(Heading(name, fragment))
        self._within = name or self._within
        return f"<{token.tag} id={attribute(fragment)}>"

    def _unique(self, fragment: str) -> str:
        """As GitHub tells headings of one name apart: `notes`, `notes-1`."""
        number = self._fragments.get(fragment)
        self._fragments[fragment] = 0 if number is None else number + 1
        if number is None:
            return fragment
        return self._unique(f"{fragment}-{number + 1}")

    def _code(self, token: Token) -> str:
        if token.info.strip() == "mermaid" and (drawn := self._draw(token.content)):
            return drawn
        return f"<pre><code>{element(token.content)}</code></pre>\n"

    def _inline(self, children: Sequence[Token]) -> Iterator[str]:
        for position, token in enumerate(children):
            match token.type:
                case "text":
                    yield _box(token.content) if position == 0 else _signed(token.content)
                case "code_inline":
                    yield f"<code>{element(token.content)}</code>"
                case "softbreak":
                    yield "\n"
                case "hardbreak":
                    yield "<br>\n"
                case "html_inline":
                    yield "<br>" if token.content == "<br>" else element(_COMMENT.sub("", token.content))
                case "link_open":
                    yield self._opened(str(token.attrGet("href") or ""))
                case "link_close":
                    yield self._open_links.pop()
                case "em_open" | "strong_open" | "s_open" | "em_close" | "strong_close" | "s_close":
                    yield f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}>"
                case _:
                    yield element(token.content)

    def _opened(self, address: str) -> str:
        """A link that this folder or the project can follow; of any other the words stay, with a foreign address."""
        target = self._follow(address)
        if target:
            self._open_links.append("</a>")
            return f"<a href={attribute(target)}>"
        self._open_links.append(f" ({element(address)})" if ":" in address else "")
        return ""


def _words(children: Sequence[Token]) -> str:
    return "".join(one.content for one in children if one.type in ("text", "code_inline"))


def _loose(text: str) -> str:
    rest = _COMMENT.sub("", text).strip()
    return f"<p>{element(rest)}</p>\n" if rest else ""


def _cell(token: Token, inline: Token) -> str:
    right = ' class="right"' if "right" in str(token.attrGet("style") or "") else ""
    if token.tag == "th" and inline.content.strip():
        return f'<th scope="col"{right}>'
    return f"<td{right}>"


def _is_task(inside: Sequence[Any]) -> bool:
    return len(inside) == 2 and inside[1].type == "inline" and _TASK.match(inside[1].content) is not None


def _box(text: str) -> str:
    """The first words of a paragraph; a box to tick becomes one that only shows whether it is ticked."""
    found = _TASK.match(text)
    if found is None:
        return _signed(text)
    state = "open" if found[1] == " " else "done"
    return f'<span class="box {state}" role="img" aria-label="{state}"></span>{_signed(text[found.end() :])}'


def _signed(text: str) -> str:
    """Encoded, with our signs drawn; each stands beside its word, so nobody has to be told of the drawing."""
    return _SIGN.sub(_sign, element(text))


def _sign(found: re.Match[str]) -> str:
    name, tone = _DRAWN[found[1]]
    use = f'<use href="#icon.{name}"/>'
    return f'<svg class="icon tone-{tone}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{use}</svg>'
