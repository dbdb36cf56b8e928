"""The texts of remedies and rules, filled with the figures of an assessment."""

import re

from bbws_readiness.assess.wording import NOT_STATED, fill
from bbws_readiness.engine.rule import Remedy
from bbws_readiness.engine.texts import texts_of
from bbws_readiness.rulebooks import shipped_rulebook
from tests.cases import each

REMEDIES = tuple(shipped_rulebook().remedies.values())
EXPRESSION = re.compile(r"\$\{ ")
"""What an expression of GitHub becomes when its braces are not doubled."""


@each(
    ("template", "expected"),
    [
        ("{plan} and {plan}", "a{b}.md and a{b}.md"),
        ("for {environment}", f"for {NOT_STATED}"),
        ("permissions: {{}}", "permissions: {}"),
        ("${{{{ inputs.sure }}}}", "${{ inputs.sure }}"),
        ("{{plan}}", "{plan}"),
        ("a { alone, one } too, {}, {0}, {plan!r}, {plan.name}, {a: b}, {dev,sit}.tfvars", None),
        ("", ""),
    ],
)
def test_fill(template: str, expected: str | None) -> None:
    assert fill(template, {"plan": "a{b}.md"}) == (template if expected is None else expected)


@each("remedy", REMEDIES, ids=lambda remedy: remedy.key)
def test_every_remedy_can_be_filled(remedy: Remedy) -> None:
    texts = list(texts_of(remedy))
    assert texts
    for text in texts:
        filled = fill(text, {})
        assert not EXPRESSION.search(filled), text
        assert not re.search(r"\{[a-zA-Z_]+\}", filled), text
