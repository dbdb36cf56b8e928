"""What a comparison looks like: nothing of a hostile document comes alive, whichever member holds it."""

import json
import re
from typing import Any

from hypothesis import example, given, settings

from bbws_readiness.compare.changes import Changes
from bbws_readiness.compare.compare import compare
from bbws_readiness.compare.read import snapshot_of
from bbws_readiness.render.diff_json import diff_json
from bbws_readiness.render.diff_markdown import diff_markdown
from bbws_readiness.render.diff_text import diff_text
from tests.compare.made import document, entry, file, finding
from tests.render.encode.github import ALIVE, loose, rendered, tags
from tests.render.encode.hostile import hostile

STRUCTURE = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "code"}
SECRET = "AKIAIOSFODNN7EXAMPLE"
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\u2066\u2028\ud800-\udfff]")
COMMAND = re.compile(r"^\s*::|##\[", re.MULTILINE)


def made_of(words: str) -> Changes:
    """A comparison with these words wherever an assessment may hold any."""
    told = finding("TBL001", subject=words, at=words, facet=words)
    gone = finding(f"X{words}", subject=words)
    kept = finding("IDX001", subject=words)
    before = document([gone, kept], decided=[entry(words, "void", note=words)], commit=words)
    after = document([told, {**kept, "subject": f"{words} too"}], decided=[entry(words, words, kind=words)])
    after["issues"][0]["title"] = before["issues"][0]["title"] = words
    changed = {"authority": {words: [words]}, "inputs": [file(words)], "tool": {"version": words, "rulebook": words}}
    return compare(snapshot_of(before), snapshot_of(after | changed))


def plain(text: str, role: str) -> str:
    return text


@example("www.")
@settings(max_examples=60)
@given(hostile)
def test_markdown_shows_words_and_nothing_else(words: str) -> None:
    page = rendered(diff_markdown(made_of(words)))
    assert {re.sub(r"[</>]|\s.*", "", tag) for tag in tags(page)} <= STRUCTURE
    assert not ALIVE.search(loose(page))
    same = rendered(diff_markdown(made_of("word")))
    for tag in ("<tr>", "<h3>", "<li>"):
        assert tags(page)[tag] == tags(same)[tag]


@example("mailto:a@b.co <img src=x onerror=y> <a href='x'> ::add-mask::x")
@settings(max_examples=60)
@given(hostile)
def test_a_terminal_is_not_steered(words: str) -> None:
    text = diff_text(made_of(words), plain)
    assert not STEERING.search(text)
    assert not COMMAND.search(text)


@settings(max_examples=60)
@given(hostile)
def test_json_keeps_the_words(words: str) -> None:
    text = diff_json(made_of(words))
    assert not STEERING.search(text)
    data: dict[str, Any] = json.loads(text)
    assert data["authority"][0]["facet"].encode("utf-16", "surrogatepass") == words.encode("utf-16", "surrogatepass")


def test_no_form_tells_a_secret() -> None:
    changes = made_of(f"key {SECRET}")
    for text in (diff_text(changes, plain), diff_markdown(changes), diff_json(changes)):
        assert SECRET not in text


def test_long_words_are_cut() -> None:
    changes = made_of("word " * 10_000)
    assert max(map(len, diff_text(changes, plain).splitlines())) < 2000
    assert len(diff_text(changes, plain)) < 20_000
    assert len(diff_markdown(changes)) < 20_000
