"""Text that wants more than to be read, for the tests of every encoder."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = int(os.environ.get("HOSTILE_CASES", "2000"))
"""Texts that every encoder meets in every position; a nightly run asks for more."""

PIECES = (
    *("`", "``", "```", "```math", "|", "\\", "\\|", "*", "**", "_", "__", "~", "~~", "~~~", "[", "]", "(", ")", "!["),
    *("<", ">", "!", "#", "##", "&", "@", "$", "$$", "-", "---", "+", "=", "==", ".", ":", "::", "{", "}", '"', "'"),
    *("http://e.x", "https://", "ftp://e.x/a_b", "www.e.x", "WWW.e.x", "a@b.co", "mailto:a@b.co", "xmpp:a@b.c/d"),
    *("<img src=x onerror=y>", "</td>", "</table>", "<details>", "<!--", "-->", "<!-- task:a/b -->", "<http://e.x>"),
    *("<script>", "</script>", "<![CDATA[", "]]>", "<?php", "<a href='x'>", "&lt;", "&#64;", "&amp;", "&copy"),
    *("@org/team", "@me", "#12", "GH-3", "x/y#4", "x/y@0123456", "0123456789abcdef0123456789abcdef01234567"),
    *(
        "deadbeef",
        "1234567",
        "GHSA-aaaa-bbbb-cccc",
        "CVE-2024-12345",
        ":tada:",
        ":+1:",
        ":100:",
        ":x",
        "$x$",
        "$`x`$",
        "$$x$$",
        "$5",
    ),
    *("[^1]", "[^1]: note", "[x]: http://e.x", "[x](javascript:y)", "![x](http://e.x/i.png)", "[!NOTE]", "[ ] "),
    *("[x] ",),
    *("- [x] ", "* ", "1. ", "2) ", "> ", "# ", " #", "===", "|---|", ":-:", "-|-", "| a |", "\n", "\n\n", "  \n"),
    *("\\\n",),
    *("::error::", "::add-mask::x", "##[group]", "##[", "###[x]", "::set-output name=a::b", "%0A", "%25"),
    *("click a href",),
    *("\t", "\r", "\x00", "\x1b[31m", "\x1b]8;;http://e.x\x07", "\x7f", "\x85", "\x9b", "\xa0", "\u2003", "\u3000"),
    *("\u200b", "\u202e", "\u2066", "\u2028", "\ufeff", "\xad", "\u034f", "\ufe0f", "\U000e0041", "\ud800", "\udfff"),
    *("a", "b", "é", "ß", "漢", "🚀", "x" * 30, "word", "w_o_r_d", " ", "  ", "end", "%%", '"]', "subgraph x"),
)

hostile = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join),
    st.text(st.characters(), max_size=30),
)
"""Any text, most of it made of what a sink might take for more than text."""


def texts() -> Iterator[str]:
    """The same `CASES` texts in every run, each made of up to twelve pieces."""
    chance = random.Random(1)
    for number in range(CASES):
        yield (" " if number % 3 == 0 else "").join(chance.choices(PIECES, k=chance.randint(0, 12)))


few = settings(
    max_examples=CASES // 20, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
"""The same cases in every run, for readers that take their time."""


def attacked(holds: Callable[[str], None]) -> Callable[[], None]:
    """A test that puts all `texts` to `holds`, and a twentieth as many of hypothesis."""

    def test() -> None:
        for text in texts():
            holds(text)
        few(given(hostile)(holds))()

    test.__doc__ = holds.__doc__
    return test
