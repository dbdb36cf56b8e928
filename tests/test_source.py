"""Places and texts of inputs, and the words for who makes a statement."""

import pytest

from bbws_readiness.source import Location, Source, SourceKind
from tests.cases import each


@pytest.mark.parametrize(("at", "expected"), [(Location("a.tf", 3, 5), "a.tf:3"), (Location("a.tf", 0), "a.tf")])
def test_a_place_is_a_path_and_a_line(at: Location, expected: str) -> None:
    assert str(at) == expected


def test_lines_of_a_text() -> None:
    source = Source("a.tf", "x = 1\r\ny = 2\n", 14, "")
    assert source.lines == ("x = 1", "y = 2", "")
    assert source.line_count == 2
    assert source.at(2, 3) == Location("a.tf", 2, 3)


@each(
    ("kind", "words"),
    [(SourceKind.PLAN, "plan says"), (SourceKind.SCHEMAS, "schemas say"), (SourceKind.README, "README says")],
)
def test_a_source_speaks(kind: SourceKind, words: str) -> None:
    assert kind.says == words
