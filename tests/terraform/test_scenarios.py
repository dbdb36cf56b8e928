"""Whole configurations come out as real Terraform plans them: the same addresses, and no attribute that differs."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from bbws_readiness.reader import Reader
from bbws_readiness.terraform import Evaluation, evaluate_configuration
from tests.cases import each
from tests.data import data
from tests.scenarios.agreement import of_configuration

SCENARIOS = Path(__file__).parent.parent / "scenarios"
NOT_TOLD = json.loads((SCENARIOS / "not_told.json").read_text())
"""What the plan knows and we do not, by scenario; the list may only shrink."""
NAMES = sorted(path.name for path in SCENARIOS.iterdir() if (path / "planned.json").exists())


def evaluated(name: str) -> Evaluation:
    settings = SCENARIOS / name / "scenario.yaml"
    scenario = (data(settings) if settings.exists() else None) or {}
    return evaluate_configuration(
        Reader(SCENARIOS / name),
        ".",
        var_files=scenario.get("var_files", []),
        variables=scenario.get("variables", {}),
        workspace=scenario.get("workspace", "default"),
    )


def planned(name: str) -> dict[str, Any]:
    return json.loads((SCENARIOS / name / "planned.json").read_text(), parse_float=Decimal)


def test_enough_scenarios() -> None:
    assert len(NAMES) >= 60


@each("name", NAMES)
def test_same_as_planned(name: str) -> None:
    evaluation, expected = evaluated(name), planned(name)
    assert [str(found) for found in evaluation.diagnostics if found.severity == "error"] == []
    assert evaluation.complete
    ours = [resource.address for resource in evaluation.resources if resource.mode == "managed"]
    assert sorted(expected["resources"]) == sorted(ours)
    assert sorted(expected["outputs"]) == sorted(evaluation.outputs)
    found = of_configuration(evaluation, expected)
    assert found.wrong == []
    assert set(found.unknown) <= set(NOT_TOLD.get(name, []))


def test_how_much_is_told() -> None:
    """Honest unknowns are allowed, but not as a habit: nearly everything the plan knows, we know."""
    known = sum(leaves(found["values"]) for name in NAMES for found in planned(name)["resources"].values())
    assert sum(map(len, NOT_TOLD.values())) <= 0.01 * known


def leaves(data: Any) -> int:
    if isinstance(data, dict | list):
        return sum(map(leaves, data.values() if isinstance(data, dict) else data))
    return int(data is not None)
