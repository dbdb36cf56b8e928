"""python-hcl2 sees the same blocks and arguments in the files of the repository as we do."""

from pathlib import Path
from typing import Any

import pytest
from hcl2.api import parses_to_tree
from lark.exceptions import UnexpectedInput

from bbws_readiness.source import Source
from bbws_readiness.terraform.nodes import BodyNode
from bbws_readiness.terraform.syntax import parse_file
from tests.cases import each

ROOT = Path(__file__).parent.parent.parent
FILES = sorted(path for folder in ("examples", "tests") for path in (ROOT / folder).rglob("*.tf"))


@each("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_structure_is_the_same(path: Path) -> None:
    text = path.read_text()
    parsed = parse_file(Source(path.name, text, len(text), ""))
    assert parsed.body is not None, parsed.diagnostics
    try:
        tree = parses_to_tree(text)
    except UnexpectedInput:
        pytest.skip("Terraform reads this file and the library does not")
    assert ours(parsed.body) == theirs(tree.children[0])


def ours(body: BodyNode) -> tuple[object, ...]:
    blocks = [(block.type, block.at.line, len(block.labels), ours(block.body)) for block in body.blocks]
    return [(attribute.name, attribute.at.line) for attribute in body.attributes], blocks


def theirs(body: Any) -> tuple[object, ...]:
    attributes, blocks = [], []
    for item in body.children:
        if item.data == "attribute":
            attributes.append((text_of(item.children[0]), item.meta.line))
        elif item.data == "block":
            parts = [part for part in item.children if getattr(part, "data", "") not in ("", "new_line_or_comment")]
            blocks.append((text_of(parts[0]), item.meta.line, len(parts) - 2, theirs(parts[-1])))
    return attributes, blocks


def text_of(identifier: Any) -> str:
    return str(identifier.children[0])
