"""HTML and XML: a parser reads back the text that was written, and no element but ours."""

from xml.etree import ElementTree

import html5lib

from bbws_readiness.disclosure import disclosed
from bbws_readiness.render.encode import html, xml
from bbws_readiness.render.encode.characters import legible
from tests.cases import each
from tests.render.encode.github import drawn
from tests.render.encode.hostile import attacked


@attacked
def test_html_reads_back(text: str) -> None:
    shown = legible(disclosed(text), lines=True)
    seen = drawn(f"<p title={html.attribute(text)}>{html.element(text)}</p><td>")
    assert seen.tags == {"p": 1}
    assert seen.attributes == {("p", "title", legible(disclosed(text))): 1}
    assert seen.comments == ()
    assert seen.text == shown


@attacked
def test_xml_reads_back(text: str) -> None:
    shown = legible(disclosed(text), lines=True)
    root = ElementTree.fromstring(f"<case name={xml.attribute(text)}>{xml.element(text)}</case>")
    assert (root.tag, root.attrib, root.text or "", len(root)) == ("case", {"name": shown}, shown, 0)


@each("point", [0x0, 0x8, 0xB, 0x1F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])
def test_what_xml_cannot_hold_is_made_visible(point: int) -> None:
    assert xml.element(chr(point)) == (chr(0x2400 + point) if point < 0x20 else f"&lt;U+{point:04X}&gt;")


def test_a_title_of_a_page_stays_a_title() -> None:
    page = html5lib.parse(f"<title>{html.element('</title><script>x')}</title>", namespaceHTMLElements=False)
    assert page.findtext(".//title") == "</title><script>x"
    assert page.find(".//script") is None
