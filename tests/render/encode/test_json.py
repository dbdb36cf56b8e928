"""JSON: equal data come back, and nothing in the text is invisible or a command."""

import json
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbws_readiness.render.encode.contents import Contents
from bbws_readiness.render.encode.json import PIECE, Rows, _encoded, pieces, to_json
from tests.cases import each
from tests.render.encode.github import STEERING, commands_in
from tests.render.encode.hostile import attacked, few, hostile

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | hostile,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(hostile, inner, max_size=4),
    max_leaves=12,
)


def joined_pairs(text: str) -> str:
    """Two halves side by side are one character to JSON."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


@attacked
def test_text_comes_back(text: str) -> None:
    written = to_json({text: [text]})
    assert json.loads(written) == {joined_pairs(text): [joined_pairs(text)]}
    assert not STEERING.search(written)
    assert not commands_in(written)


@few
@given(PLAIN)
def test_data_come_back_in_the_same_bytes(data: object) -> None:
    for indent in (False, True):
        written = to_json(data, indent=indent)
        again = json.loads(written)
        assert to_json(again, indent=indent) == written
        assert again == json.loads(json.dumps(data))
        assert not commands_in(written)


@few
@given(PLAIN)
def test_a_library_writes_what_we_write(data: object) -> None:
    assert to_json({"": data}, indent=True) == _encoded({"": data}, "\n")
    assert to_json({"": data}) == _encoded({"": data}, "")


@each(
    ("data", "expected"),
    [
        ({}, "{}"),
        ([[], {}], "[[], {}]"),
        ({"b": 1, "a": None}, '{"b": 1, "a": null}'),
        (Decimal("0.10000000000000000000000000000000000001"), "0.10000000000000000000000000000000000001"),
        (Decimal("1E+3"), "1000"),
        ("é → 🚀", '"é → 🚀"'),
        ("##[x] ###[", '"#\\u0023[x] ##\\u0023["'),
        ("\x1b\x7f\x85\u2028\u202e", '"\\u001b\\u007f\\u0085\\u2028\\u202e"'),
        ("\ufeff\U000e0041\ud800", '"\\ufeff\\udb40\\udc41\\ud800"'),
    ],
)
def test_how_it_is_written(data: object, expected: str) -> None:
    assert to_json(data) == expected


def test_members_stand_on_lines_of_their_own() -> None:
    data = {"a": [1, {"b": "c"}], "d": {}, "e": []}
    assert to_json(data, indent=True) == json.dumps(data, indent=2)


@each("number", [math.nan, math.inf, -math.inf, Decimal("NaN"), Decimal("Infinity")])
def test_what_json_has_no_number_for_is_refused(number: float | Decimal) -> None:
    with pytest.raises(ValueError, match="no word"):
        to_json([number])


@each("data", [{1: "x"}, {"a": {"b"}}, b"x"])
def test_what_is_no_plain_data_is_refused(data: object) -> None:
    with pytest.raises(TypeError):
        to_json(data)


@each("number", [0, 1, PIECE, PIECE + 1, 2 * PIECE])
def test_rows_are_written_like_their_list(number: int) -> None:
    rows = Rows(range(number), lambda some: [{"number": one} for one in some])
    for odd in (1, Decimal("1.0")):  # of which the second is written piece by piece by ourselves
        head, rest = {"before": odd}, {"after": [odd]}
        made = {**head, "rows": [{"number": one} for one in range(number)], **rest}
        assert to_json({**head, "rows": rows, **rest}, indent=True) == to_json(made, indent=True)
        assert to_json({**head, "rows": rows, **rest}) == to_json(made)


@each("number", [0, 1, 2 * PIECE + 1])
def test_what_is_seen_is_all_that_is_written(number: int) -> None:
    seen: list[Any] = []

    def with_stars(members: dict[str, Any], contents: Contents) -> dict[str, Any]:
        seen.append(members)
        assert ("inner" in contents.texts) == ("d" in members)
        return {name: "*" if isinstance(part, str) else part for name, part in members.items()}

    data = {"a": "text", "b": 1, "rows": list(range(number)), "c": [2], "d": {"e": "inner"}}
    written = "".join(pieces(data, seen=with_stars))
    assert json.loads(written) == {**data, "a": "*"}
    assert [name for members in seen for name in members if name != "rows"] == ["a", "b", "c", "d"]
    assert [one for members in seen for one in members.get("rows", ())] == data["rows"]
    assert all(len(members.get("rows", ())) <= PIECE for members in seen)
