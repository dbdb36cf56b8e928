"""Paths are read step by step, and what they name is left out of plain data."""

from bbws_readiness.terraform.paths import key_of, steps_of, without
from tests.cases import each

PATHS = [
    ("a", ("a",)),
    ("a.b", ("a", "b")),
    ("a[0].b", ("a", 0, "b")),
    ("a.0.b", ("a", 0, "b")),
    ('a["x y"].b', ("a", '"x y"', "b")),
    (r'a["\"]"]', ("a", r'"\"]"')),
    ("a[*].b", ("a", "[*]", "b")),
    ("", ()),
    ("[0]", ()),
    ("a b", ()),
    ("a[", ()),
    ("a[x]", ()),
    ("a..b", ()),
    ("a" * 10_000, ()),
]


@each(("path", "steps"), PATHS, ids=[path[:20] for path, _ in PATHS])
def test_steps(path: str, steps: tuple[str | int, ...]) -> None:
    assert steps_of(path) == steps


def test_keys_lose_their_quotes() -> None:
    assert [key_of(step) for step in steps_of(r'a["\"x\" \u00e9"][1]')] == ["a", '"x" é', 1]


REMOVALS = [
    (["b"], {"a": [1, {"c": 2}], "d": {"x y": 3}}),
    (["a[0]"], {"a": [None, {"c": 2}], "b": 1, "d": {"x y": 3}}),
    (["a[1].c", 'd["x y"]'], {"a": [1, {}], "b": 1, "d": {}}),
    (["a.c", "nothing", "b[0]"], {"a": [1, {"c": 2}], "b": 1, "d": {"x y": 3}}),
]


@each(("paths", "left"), REMOVALS, ids=[" ".join(paths) for paths, _ in REMOVALS])
def test_without(paths: list[str], left: object) -> None:
    data = {"a": [1, {"c": 2}], "b": 1, "d": {"x y": 3}}
    assert without(data, paths) == left
    assert data == {"a": [1, {"c": 2}], "b": 1, "d": {"x y": 3}}
