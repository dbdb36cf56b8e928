"""A document that is read chapter by chapter has the pieces that it has as a whole."""

from __future__ import annotations

import pytest

from tests.cases import each
from tests.invariants.projects import made
from tests.invariants.reading import blocks, in_one_piece

TEXTS = (
    "",
    "## A",
    "one\n## A (2)\ntwo\n\n## B\n| a |\n|---|\n| 1 |\n## C\n",
    "# T\n\n```text\n## no heading\n~~~\n```\n## A\n- [ ] box\n  more\n## B\n",
    "## A\n~~~~\n## no heading\n~~~\n~~~~~\n## B\n``` `` inline\n## C\n",
    "## A\n1. one\n\n   ```\n   x\n## B\n",
)


@each("text", TEXTS)
def test_chapters(text: str) -> None:
    assert blocks(text) == tuple(in_one_piece(text))


@pytest.mark.parametrize("seed", [1, 4])
def test_chapters_of_documents(seed: int) -> None:
    for text in made(seed).documents.values():
        assert len(blocks(text)) > 10
        assert blocks(text) == tuple(in_one_piece(text))
