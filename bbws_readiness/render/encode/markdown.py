"""The one encoder for Markdown: text of the assessed project comes out inert, words of ours come out as written."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from urllib.parse import quote

from bbws_readiness.disclosure import disclosed
from bbws_readiness.memory import remembered
from bbws_readiness.patterns import LIKE_ASCII, regex
from bbws_readiness.render.encode.characters import SPACES, legible, uncommanded

MAX_CHARACTERS = 200
"""Longer text in a code span is cut and ends in `…`."""

FARTHEST = 16_384
"""Characters of a text that are looked at. Far beyond what is shown: a secret at the edge of that is still whole."""

EMPTY = "(empty)"


class Markdown(str):
    """Text that may be printed as it stands. Every other string is encoded before it reaches a document.

    Joining with `+` or an f-string gives an ordinary string again; build with `say`, `joined` or `table`.
    A fragment never holds an escaped pipe: `table` and `cell` escape pipes, last and once.
    """

    __slots__ = ()


def code(text: object) -> Markdown:
    """An inert code span that shows `visible(text)`: no link, mention, reference or HTML comes alive in it."""
    return _code(str(text))


@remembered
def _code(text: str) -> Markdown:
    shown = visible(text) or EMPTY
    if "`" not in shown:
        return Markdown(f"`{shown}`")
    longest = max(len(run) for run in re.findall(r"`+", shown))
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return Markdown(f"{fence}{pad}{shown}{pad}{fence}")


def visible(text: str) -> str:
    """`text` on one line with everything invisible made visible, runs of spaces collapsed, cut at MAX_CHARACTERS."""
    shown = _line(text[:FARTHEST])
    if "  " in shown or not shown.isascii():
        shown = _RUN_OF_SPACES.sub(" ", shown)
    shown = shown.strip(" ")
    if len(shown) <= MAX_CHARACTERS and len(text) <= FARTHEST:
        return shown
    return shown[: MAX_CHARACTERS - 1].rstrip(" ") + "…"


_RUN_OF_SPACES = regex(f"[ {SPACES}]+")


def _line(text: str) -> str:
    """Made visible, without secrets, and nowhere a command of a log: a document may be printed to one."""
    return legible(disclosed(text)).replace("##[", "## [")


MAX_SENTENCE = 2000
"""Longer sentences are cut and end in `…`."""

_ALIVE: Mapping[str, tuple[str, ...]] = {
    r"(?P<span>`[^`\n]+`)": ("`",),
    r"\barn:aws[a-z-]{0,20}:[^\s\"'`,;()\[\]{}<>|]{0,400}[\w*/]": ("arn:aws",),
    r"(?:[a-z][a-z0-9+.-]{0,63}+://|www\.|mailto:|xmpp:)\S*[^\s.,;:!?)'\"]": ("://", "www.", "mailto:", "xmpp:"),
    r"www\.": ("www.",),
    r"[\w.+-]{0,64}+@[\w./-]*": ("@",),
    r"[\w./-]{0,64}(?:\#|GH-)\d+": ("#", "gh-"),
    r"GHSA(?:-\w{4}){3}": ("ghsa-",),
    r"CVE-\d+-\d+": ("cve-",),
    r":(?:[a-z+-][a-z0-9_+-]{0,63}+|100|1234|8ball|[1-3][snr][tdh]_\w+)(?::|$)": (":",),
    r"\$(?!\d[\d,.]*(?:-\d[\d,.]*)?(?=[\s,;.)/]|$))[^\s`,;]*": ("$",),
}
"""What becomes code, each with the marks of which it has one: addresses, references, short names of symbols, formulas.

Of what stands before a mark 64 characters at most are taken along: code from there on keeps the mark as dead, and
the time is in proportion to the text."""
_PIECES = regex("|".join(_ALIVE), re.IGNORECASE)


def _pieces_in(text: str) -> Iterator[re.Match[str]]:
    """The matches of `_PIECES`, looked for with those of its alternatives alone whose marks the text has."""
    if not text.isascii() and any(letter in text for letter in LIKE_ASCII):
        return _PIECES.finditer(text)
    small = text.lower()
    found = []
    for pattern, marks in _ALIVE.items():
        for mark in marks:
            if mark in small:
                found.append(pattern)
                break
    return _alternatives(tuple(found)).finditer(text) if found else iter(())


@cache
def _alternatives(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return regex("|".join(patterns), re.IGNORECASE)


_REVISION = regex(r"\b([0-9a-f]{7,40})\b", re.IGNORECASE)
_HEXADECIMAL = regex("[0-9a-fA-F](?=[0-9a-fA-F]{6})")
# Every alternative begins with a sign of its own, which is what the search is quick to find.
_SPECIAL = regex(r"[\\`*\[\]<~]|_(?:(?<![^\W_]_)|(?![^\W_]))|&(?=#?\w+;)|#(?<=\s#)(?=#*$)")
_RULE_OF_TABLE = regex(r"[|:\s]*+-[|:\s-]*+")
_LINE_START = regex(r"^(>|=(?==*$)|[-+](?=[\s-]|$)|#(?=#{0,5}(?:\s|$))|:(?=[:-])|\d{1,9}(?=[.)](?:\s|$)))")


def plain(text: object) -> Markdown:
    """A sentence of ours that may hold words of the project: its single backtick pairs stay code, all else is escaped.

    Addresses, mentions, references, revisions and formulas become code spans, because no escape keeps them from
    coming alive.
    """
    return _plain(str(text))


@remembered
def _plain(text: str) -> Markdown:
    words = " ".join(text.split())
    shown = " ".join(_line(words[:FARTHEST]).split())
    if len(shown) > MAX_SENTENCE or len(words) > FARTHEST:
        shown = shown[: MAX_SENTENCE - 1] + "…"
    result = ""
    for part, alive in _parts(shown):
        between = " " if alive and result.endswith("`") else ""
        result += between + (code(part) if alive else _escaped(part))
    if _RULE_OF_TABLE.fullmatch(shown) and "`" not in result:
        result = result.replace("-", "\\-", 1)
    return Markdown(_LINE_START.sub(_escape_start, result))


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a sentence in order, each with whether it must become code."""
    end = 0
    for piece in _pieces_in(text):
        yield from _around_revisions(text[end : piece.start()])
        yield (piece[0][1:-1] if piece.lastgroup == "span" else piece[0]), True
        end = piece.end()
    yield from _around_revisions(text[end:])


def _around_revisions(text: str) -> Iterator[tuple[str, bool]]:
    if not _HEXADECIMAL.search(text):  # which is found much faster than the pattern below finds nothing
        if text:
            yield text, False
        return
    for position, part in enumerate(_REVISION.split(text)):
        if part:
            yield part, position % 2 == 1


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: "\\" + found[0], text)


def _escape_start(found: re.Match[str]) -> str:
    mark = found[1]
    return mark + "\\" if mark.isdigit() else "\\" + mark


def encoded(value: object) -> Markdown:
    """What a document prints for `value`: Markdown as it is, numbers as digits, every other text through `plain`."""
    if isinstance(value, Markdown):
        return value
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return Markdown(value)
    raise TypeError(f"a document cannot print {type(value).__name__}")


def say(words: str, *values: object, **named: object) -> Markdown:
    """`words` (ours, Markdown) with every `{}` replaced by its value, encoded unless it is Markdown already."""
    said: list[str] = []
    told = 0
    for words_before, name in _pieces_of(words):
        said.append(words_before)
        if name == "":
            value = values[told]
            # Nearly every value is Markdown already, and asking here is most of what a call would take.
            said.append(value if type(value) is Markdown else encoded(value))
            told += 1
        elif name is not None:
            said.append(encoded(named[name]))
    return Markdown("".join(said))


@lru_cache(maxsize=1024)
def _pieces_of(words: str) -> tuple[tuple[str, str | None], ...]:
    """Words, each with the name of the value behind them: empty for the next one, None for none."""
    pieces = tuple(string.Formatter().parse(words))
    if any(specification or conversion for _, _, specification, conversion in pieces):
        raise ValueError("values are worded before they are said")
    return tuple((before, name) for before, name, _, _ in pieces)


def joined(parts: Iterable[object], separator: str = ", ") -> Markdown:
    """All parts, encoded, with `separator` (ours) between them."""
    # As in `say`, nearly all of them are Markdown already.
    return Markdown(separator.join([part if type(part) is Markdown else encoded(part) for part in parts]))


def codes(names: Iterable[object], *, nothing: str = "none") -> Markdown:
    """Names as code spans, separated by commas, or `nothing`."""
    return joined(map(code, names)) or Markdown(nothing)


def cell(value: object) -> Markdown:
    """One table cell: encoded, on one line, its pipes escaped. A cell is made once, never from a cell."""
    text = value if type(value) is Markdown else encoded(value)
    return Markdown(text.replace("\n", " ").replace("|", "\\|")) if "|" in text or "\n" in text else text


def table(
    headings: Sequence[object], rows: Iterable[Sequence[object]], *, right: frozenset[int] = frozenset()
) -> Markdown:
    """A table; columns whose position is in `right` are aligned to the right. No rows: `None.`"""
    lines = list(map(_row, rows))
    if not lines:
        return Markdown("None.")
    rule = "|" + "|".join("--:" if column in right else "---" for column in range(len(headings))) + "|"
    return Markdown("\n".join((_row(headings), rule, *lines)))


def _row(values: Sequence[object]) -> str:
    shown = [value if type(value) is Markdown else encoded(value) for value in values]
    line = " | ".join(shown)
    if "\n" in line or line.count("|") >= len(shown):  # then one of them needs what `cell` does
        line = " | ".join(map(cell, shown))
    return f"| {line} |"


_TICK = regex(r"\[([xX])\]")


def box(text: object, *, ticked: bool = False, key: str = "") -> Markdown:
    """A box to tick. `key` is ours: a comment behind the text, by which ticks survive a new run.

    GitHub looks for a tick on the whole line, even in code, so `[x]` in the text reads `[ x ]`.
    """
    words = encoded(text)
    if "[" in words:
        words = Markdown(_TICK.sub(r"[ \1 ]", words))
    mark = f" {comment(f'task:{key}')}" if key else ""
    return Markdown(f"- [{'x' if ticked else ' '}] {words}{mark}")


_LOOSE_KEY = regex(r"[^\w/:. -]|-(?=-)")


@remembered
def comment(words: str) -> Markdown:
    """A comment that no reader sees and that our next run finds; marks that could end it early are left out."""
    return Markdown(f"<!-- {_LOOSE_KEY.sub('', words)} -->")


def bullets(items: Iterable[object]) -> Markdown:
    """One list item per value, or `None.`"""
    return joined((say("- {}", item) for item in items), "\n") or Markdown("None.")


def link(label: object, target: str, *, fragment: str = "") -> Markdown:
    """A relative link; `target` is a path, percent-encoded here. The label is encoded like every text.

    No target leads to another host: what begins with a slash becomes relative too.
    """
    path = _quoted(target)
    # Code hides no bracket from the search for `[label]: target` at the beginning of a paragraph.
    shown = encoded(label).replace("]:", "] :")
    foot = "\\" if shown.startswith("^") else ""
    return Markdown(f"[{foot}{shown}]({path}{'#' + fragment if fragment else ''})")


@remembered
def _quoted(target: str) -> str:
    return quote(_NO_BYTE.sub("\ufffd", target).lstrip("/"), safe="/._-", errors="surrogateescape")


def outward(label: object, address: str) -> Markdown:
    """A link to a page of another host, for addresses of plain signs; for every other address the label alone."""
    shown = encoded(label)
    return Markdown(f"[{shown}]({address})") if _ADDRESS.fullmatch(address) else shown


_ADDRESS = regex(r"https://[\w.-]+(?::\d+)?(?:/[\w.-]+)+(?:#L\d+)?", re.ASCII)
_NO_BYTE = regex("[\ud800-\udc7f\udd00-\udfff]")
"""Halves of pairs that do not stand for a byte of a file name."""

_MERMAID = regex(r"[^\w .+/()-]|_")


@remembered
def mermaid(text: str) -> str:
    """`text` as a label of a diagram: letters, digits and harmless marks only, and no start of a list."""
    words = " ".join(_MERMAID.sub(" ", visible(text)).split())[:80].strip().lstrip("-+./ ")
    return re.sub(r"^(\d+)[.)]", r"\1", words) or "unnamed"


def anchor(heading: str) -> str:
    """The fragment that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def fenced(language: str, text: str, *, indent: str = "") -> Markdown:
    """A code block of `text` with everything invisible but line ends made visible; `indent` nests it in a list item.

    The fence is longer than any run of backticks inside.
    """
    shown = legible(disclosed(text).replace("\r\n", "\n").strip("\n").replace("\t", "    "), lines=True)
    lines = uncommanded(shown).split("\n")
    longest = max(map(len, re.findall(r"`+", shown)), default=0) if "`" in shown else 0
    fence = "`" * max(3, longest + 1)
    return Markdown("\n".join(f"{indent}{line}".rstrip() for line in (f"{fence}{language}", *lines, fence)))
