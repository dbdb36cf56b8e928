"""The page about Terraform's features is executed: every expression on it has the answer that stands under it."""

import re
from collections.abc import Iterator
from pathlib import Path

from bbws_readiness.errors import Diagnostic
from bbws_readiness.source import Location
from bbws_readiness.terraform import Session
from bbws_readiness.terraform.console_text import console_text
from tests.cases import each
from tests.terraform.memory import MemoryFiles

PAGE = Path(__file__).parent.parent / "docs" / "terraform-compatibility.md"
BLOCK = re.compile(r"^```(?P<kind>hcl|console)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
HERE = Location("<expression>", 1)


def examples() -> Iterator[tuple[str, str, str, str]]:
    """Section, configuration, expression and the answer under it; the blocks of a section add up."""
    for section in PAGE.read_text().split("\n## ")[1:]:
        configuration = ""
        for block in BLOCK.finditer(section):
            if block["kind"] == "hcl":
                configuration += block["text"]
                continue
            for pair in re.split(r"^> ", block["text"], flags=re.MULTILINE)[1:]:
                expression, _, answer = pair.partition("\n")
                yield section.partition("\n")[0], configuration, expression, answer.rstrip("\n")


def answer(configuration: str, expression: str) -> str:
    """As the page writes it: the console's text, with the reason behind an unknown, or the error."""
    found = Session(MemoryFiles({"main.tf": configuration}), ".").ask(expression, HERE)
    if isinstance(found, Diagnostic):
        return f"error: {found.summary}" + (f"; {found.detail}" if found.detail else "")
    return console_text(found) + (f": {found.reason}" if not found.known else "")


EXAMPLES = list(examples())


@each(
    ("section", "configuration", "expression", "expected"),
    EXAMPLES,
    ids=[f"{section}: {expression[:50]}" for section, _, expression, _ in EXAMPLES],
)
def test_page_says_what_the_evaluator_answers(section: str, configuration: str, expression: str, expected: str) -> None:
    assert answer(configuration, expression) == expected


def test_every_section_about_evaluation_has_examples() -> None:
    assert len({section for section, *_ in EXAMPLES}) >= 11
