"""Documents as pages: what their Markdown may become, and what it may never become."""

import re

import html5lib

from bbws_readiness.render.site.diagrams import Diagrams
from bbws_readiness.render.site.documents import Links
from bbws_readiness.render.site.markdown import Heading, converted
from bbws_readiness.render.site.places import Places
from tests.cases import each


def body(text: str) -> str:
    def follow(address: str) -> str:
        return "here.html" if address == "known.md" else ""

    return str(converted(text, follow=follow, draw=lambda _: "").body).strip()


CASES = {
    "a comment": ("- x <!-- task:a/b -->", "<ul><li>x </li>\n</ul>"),
    "comments alone": ("<!-- notes:a -->\n<!-- end notes:a -->", ""),
    "a text behind a comment": ("<!-- a --> <b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
    "an element": ("x <img src=x onerror=y> z", "<p>x &lt;img src=x onerror=y&gt; z</p>"),
    "a block": ("<script>\nx()\n</script>", "<p>&lt;script&gt;\nx()\n&lt;/script&gt;</p>"),
    "details": ("<details>\n\nx\n\n</details>", "<p>&lt;details&gt;</p>\n<p>x</p>\n<p>&lt;/details&gt;</p>"),
    "an entity": ("&lt;b&gt; &amp;", "<p>&lt;b&gt; &amp;</p>"),
    "an image": ("![a](http://e.x/i.png)", "<p>!a (http://e.x/i.png)</p>"),
    "a foreign address": ("[a](https://e.x/y)", "<p>a (https://e.x/y)</p>"),
    "a script": ("[a](javascript:x)", "<p>[a](javascript:x)</p>"),
    "an address in angles": ("<http://e.x>", "<p>&lt;http://e.x&gt;</p>"),
    "a page of the site": ("[a](known.md)", '<p><a href="here.html">a</a></p>'),
    "a file nobody knows": ("[a](other.md)", "<p>a</p>"),
    "a reference": ("[a][b]\n\n[b]: https://e.x", "<p>a (https://e.x)</p>"),
    "an open task": (
        "- [ ] x",
        '<ul><li class="task"><span class="box open" role="img" aria-label="open"></span> x</li>\n</ul>',
    ),
    "a done task": (
        "- [x] x",
        '<ul><li class="task"><span class="box done" role="img" aria-label="done"></span> x</li>\n</ul>',
    ),
    "no task": ("[ ]x", "<p>[ ]x</p>"),
    "code": ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
    "a fence": ("```hcl\na = <b>\n```", "<pre><code>a = &lt;b&gt;\n</code></pre>"),
    "a diagram of nobody": ("```mermaid\npie\n```", "<pre><code>pie\n</code></pre>"),
    "what nobody sees": ("x\u202ey", "<p>x&lt;U+202E&gt;y</p>"),
    "a list that begins later": ("3. x", '<ol start="3"><li>x</li>\n</ol>'),
}


@each("name", CASES)
def test_markdown_becomes(name: str) -> None:
    text, expected = CASES[name]
    assert body(text) == expected


def test_a_table_has_headings_with_a_scope_and_no_style() -> None:
    made = body("## Money\n\n| | b |\n|---|--:|\n| c | d<br>e |")
    assert made.startswith(
        '<h2 id="money">Money</h2>\n<div class="scroll" role="group" aria-label="Table: Money"><table>'
    )
    assert '<td></td><th scope="col" class="right">b</th>' in made
    assert '<td>c</td>\n<td class="right">d<br>e</td>' in made
    assert "style" not in made


def test_signs_are_drawn_beside_their_words() -> None:
    made = body("✅ PASS ⏸️ NOT VERIFIED `❌`")
    assert re.findall(r'href="#icon\.(\w+)"', made) == ["check", "pause"]
    assert "\ufe0f" not in made and "<code>❌</code>" in made


def test_headings_have_the_fragments_of_github() -> None:
    text = "# 🔴 A: `b`\n\n## One two!\n\n## One two\n\n## One two-1\n\n## ---\n"
    page = converted(text, follow=lambda _: "", draw=lambda _: "")
    assert page.title == "A: b"
    assert page.sections[:3] == (
        Heading("One two!", "one-two"),
        Heading("One two", "one-two-1"),
        Heading("One two-1", "one-two-1-1"),
    )
    ids = re.findall(r'id="([^"]*)"', page.body)
    assert len(ids) == len(set(ids)) and all(ids)


@each("text", ["<" * 3000, "[" * 3000, "> " * 300 + "x", "`" * 3000, "<!--" * 900, "**" * 1500])
def test_whatever_people_write_is_text(text: str) -> None:
    made = body(text)
    html5lib.HTMLParser(strict=False).parseFragment(made)
    assert not re.search(r"<(?!/?(?:p|code|blockquote|strong|em|h[1-6]|pre|hr)\b)", made)


LINKS = Links(
    {"sit_x_summary.md": "summary.html", "sit_x_assessment.json": "assessment.json"},
    Places("https://github.com/o/r/blob/c0ffee/", frozenset({"changed.tf"}), "../../.."),
    "deployments",
)
FOLLOWED = {
    "sit_x_summary.md": "summary.html",
    "sit_x_summary.md#money": "summary.html#money",
    "sit_x_assessment.json": "assessment.json",
    "#money": "#money",
    "../main.tf#L12": "https://github.com/o/r/blob/c0ffee/main.tf#L12",
    "../a%20b/%C3%A7.tf": "https://github.com/o/r/blob/c0ffee/a%20b/%C3%A7.tf",
    "../changed.tf#L3": "../../../changed.tf#L3",
    "../../outside.tf": "",
    "../.git/config": "",
    "..": "",
    "": "",
    "https://e.x/y": "",
    "mailto:a@b.co": "",
    "//e.x/y": "",
    "/etc/passwd": "",
}


@each("address", FOLLOWED)
def test_links_lead_to_pages_and_lines(address: str) -> None:
    assert LINKS.follow(address) == FOLLOWED[address]


def test_jobs_are_a_list_and_other_diagrams_stay_text() -> None:
    draw = Diagrams({}).draw
    chain = 'flowchart LR\n  j0["plan"]\n  j1["apply / sit"]\n  j0 --> j1\n'
    assert draw(chain) == '<ol class="chain"><li>plan</li><li>apply / sit <small>after plan</small></li></ol>'
    assert draw('flowchart LR\n  j0["plan"]\n  click j0 "http://e.x"\n') == ""
    assert draw("pie\n") == ""
