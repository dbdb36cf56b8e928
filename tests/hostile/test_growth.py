"""Ten times the input costs at most twenty times the work, and the same input gives the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.hostile.catalogue import Case, cases
from tests.hostile.check import Runner, perform

LEAST = 0.3
"""Seconds of CPU; what takes less is not worth a ratio."""
M, W, S = "terraform/x.tf", ".github/workflows/deploy-sit.yml", "schemas/parcels.schema.json"
P, D = "scripts/validate_tables_sit.py", "promotions/11_shipments_schemas_promotion.md"

BOMBS: dict[str, tuple[str, str, str, str, int]] = {
    "parentheses": (M, "locals { a = ", "(", "", 10_000),
    "terms": (M, "locals { a = 1", "+1", " }\n", 10_000),
    "attributes": (M, "locals {\n", "  attribute_{n} = {n}\n", "}\n", 3_000),
    "blank lines of a heredoc": (M, "locals {\n  a = <<-E\n", "\n", "    E\n}\n", 20_000),
    "interpolations": (M, 'locals {\n  a = "', "${1}", '"\n}\n', 5_000),
    "a comment": (M, "/*", "* /", "", 30_000),
    "flow sequences": (W, "", "[", "", 10_000),
    "entries": (W, "on: [", "1,", "]\n", 10_000),
    "jobs": (W, "on: push\njobs:\n", "  j{n}: {runs-on: x, steps: [{run: terraform apply}]}\n", "", 150),
    "words of a command": (W, "on: push\njobs: {a: {runs-on: x, steps: [{run: \"", "terraform a=$A && ", "\"}]}}\n", 1_000),  # noqa: E501
    "brackets": (S, "", "[", "", 50_000),
    "members": (S, "{", "\"a{n}\": 1,", "\"b\": 1}\n", 3_000),
    "signs": (P, "A = ", "-", "1\n", 10_000),
    "constants": (P, "", "A{n} = {'a': [1, 2]}\n", "", 1_000),
    "links": (D, "# Promotion Plan: x\n\n", "[", "\n", 3_000),
    "boxes": (D, "# Promotion Plan: x\n\n## A\n\n", "- [ ] Task {n}\n", "", 500),
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_work_grows_with_the_input(bomb: str, runner: Runner, tmp_path: Path) -> None:
    path, before, repeated, after, times = BOMBS[bomb]

    def spent(factor: int, turn: int) -> float:
        recipe: list[Any] = [before, {"repeat": repeated, "times": times * factor}, after]
        result = perform(Case(bomb, files={path: recipe}), tmp_path / f"{factor}-{turn}", runner)
        assert result.outcome.signal is None
        return result.outcome.cpu

    small = max(spent(1, 0), LEAST)
    # A busy machine makes some runs slow, and none of them fast.
    assert any(spent(10, turn) / small < 20 for turn in range(3))


SAME = ("a_base: the base project is ready", "hcl: keys that are called like methods", "filesystem: too many files",
        "workflows_and_configuration: configuration: several faults")  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_same_input_same_bytes(name: str, runner: Runner, tmp_path: Path) -> None:
    case = next(case for case in cases() if case.name == name)
    first, second = (perform(case, tmp_path / turn, runner) for turn in ("first", "second"))
    assert (first.stdout, first.stderr, first.documents) == (second.stdout, second.stderr, second.documents)
