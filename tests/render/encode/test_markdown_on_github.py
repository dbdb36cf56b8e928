"""Documents on GitHub: whatever a project writes, and wherever it stands, nothing is drawn but our template."""

import html
import re
from collections import Counter
from collections.abc import Callable

from hypothesis import given

from bbws_readiness.disclosure import disclosed
from bbws_readiness.render.encode.characters import legible
from bbws_readiness.render.encode.markdown import Markdown, box, cell, code, fenced, link, mermaid, plain, visible
from tests.render.encode import github
from tests.render.encode.github import ALIVE, commands_in, drawn, loose, rendered, tags
from tests.render.encode.hostile import attacked, few, hostile

POSITIONS: dict[str, Callable[[Markdown], str]] = {
    "paragraph": lambda text: f"{text}\n",
    "second-line": lambda text: f"A line\n{text}\n",
    "first-of-two-lines": lambda text: f"{text}\nmore\n",
    "list-item": lambda text: f"- {text}\n- {text}\n",
    "numbered-item": lambda text: f"1. {text}\n2. {text}\n",
    "box": lambda text: f"{box(text, key='a/b')}\n",
    "cell": lambda text: f"| A | B |\n|---|---|\n| {cell(text)} | {cell(text)} |\n",
    "heading-cell": lambda text: f"| {cell(text)} | B |\n|---|---|\n| x | y |\n",
    "heading": lambda text: f"## {text}\n\nmore\n",
    "quote": lambda text: f"> {text}\n",
    "bold": lambda text: f"- **Label**: **{text}** ({text})\n",
}
SPANS = {position: rendered(write(Markdown("`word`"))) for position, write in POSITIONS.items()}
WORDS = {position: rendered(write(Markdown("word"))) for position, write in POSITIONS.items()}


@attacked
def test_a_code_span_is_a_code_span_everywhere(text: str) -> None:
    shown = html.escape(visible(text) or "(empty)").replace("&#x27;", "'")
    for position, write in POSITIONS.items():
        document = write(code(text))
        page = SPANS[position].replace("word", shown)
        assert rendered(document) == (re.sub(r"\[([xX])\]", r"[ \1 ]", page) if position == "box" else page), position
        assert not commands_in(document)


@attacked
def test_a_sentence_draws_nothing_but_code_everywhere(text: str) -> None:
    for position, write in POSITIONS.items():
        said = f"a{text}" if position == "bold" or not text.strip() else text
        document = write(plain(said))
        page = rendered(document)
        assert tags(re.sub("</?code>", "", page)) == tags(WORDS[position]), position
        assert not ALIVE.search(loose(page)), position
        assert not re.search(r"(?<!\\)\[!", re.sub("`.*`", "", document)), "an alert"
        assert not commands_in(document)
        shown = legible(disclosed(" ".join(said.split())))
        if len(said) < 150:
            assert bare(github.text(page)) == bare(github.text(WORDS[position]).replace("word", shown))


def bare(text: str) -> str:
    """Without what separates: a pair of backticks becomes code, and spaces keep one piece of code from the next."""
    return "".join(re.sub(r"`|\(empty\)|<U\+(0085|2028|2029)>|[␉-␍␜-␟]", "", text).split())


@few
@given(hostile)
def test_a_browser_sees_the_same(text: str) -> None:
    for position, write in POSITIONS.items():
        for document, template in ((write(code(text)), SPANS), (write(plain(f"a{text}")), WORDS)):
            page = rendered(document)
            seen, expected = drawn(page), drawn(template[position])
            assert seen.tags - Counter(code=99) == expected.tags - Counter(code=99), position
            assert seen.attributes == expected.attributes
            assert seen.comments == expected.comments
            assert seen.text == github.text(page)


@attacked
def test_a_link_goes_where_we_say(text: str) -> None:
    label, target = text[: len(text) // 2], text[len(text) // 2 :]
    for shown in (code(label), plain(f"a{label}")):
        page = rendered(f"- {link(shown, f'../{target}', fragment='L1')}")
        assert re.sub("</?code>", "", page).startswith('<ul>\n<li><a href="../')
        assert Counter(re.findall("</?([a-z]+)", page)) - Counter(code=99) == Counter(ul=2, li=2, a=2)
        assert re.search('href="[^":]*#L1"', page)
        assert re.search('href="[^/]', rendered(link(shown, target, fragment="L1")))


@attacked
def test_a_code_block_ends_where_we_say(text: str) -> None:
    block = fenced("hcl", text)
    page = rendered(f"{block}\n\nmore\n")
    assert tags(page) == dict.fromkeys(('<pre lang="hcl">', "<code>", "</code>", "</pre>", "<p>", "</p>"), 1)
    assert page.endswith("</code></pre>\n<p>more</p>\n")
    assert not commands_in(block)


@attacked
def test_a_label_of_a_diagram_is_a_label(text: str) -> None:
    label = mermaid(text)
    assert set("\"`#;:<>{}[]|\\&%@!?*='~^$,_\n").isdisjoint(label)
    assert label == label.strip()
    assert label
    assert not label.startswith(("-", "+", ".", "/", "1.", "1)"))
