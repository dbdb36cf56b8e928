"""Whole configurations come out as real Terraform plans them: the same addresses, and no attribute that differs."""

import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from bbws_readiness.source import Reader
from bbws_readiness.terraform import Block, Evaluation, Value, evaluate_configuration

SCENARIOS = Path(__file__).parent.parent / "scenarios"
NAMES = sorted(path.name for path in SCENARIOS.iterdir() if (path / "planned.json").exists())


def evaluated(name: str) -> Evaluation:
    settings = SCENARIOS / name / "scenario.yaml"
    scenario = yaml.safe_load(settings.read_text()) if settings.exists() else {}
    return evaluate_configuration(
        Reader(SCENARIOS / name),
        ".",
        var_files=scenario.get("var_files", []),
        variables=scenario.get("variables", {}),
    )


def planned(name: str) -> dict[str, Any]:
    return json.loads((SCENARIOS / name / "planned.json").read_text(), parse_float=Decimal)


def test_enough_scenarios() -> None:
    assert len(NAMES) >= 8


@pytest.mark.parametrize("name", NAMES)
def test_no_faults_are_seen(name: str) -> None:
    evaluation = evaluated(name)
    assert [str(found) for found in evaluation.diagnostics if found.severity == "error"] == []
    assert evaluation.complete


@pytest.mark.parametrize("name", NAMES)
def test_same_addresses(name: str) -> None:
    ours = [resource.address for resource in evaluated(name).resources if resource.mode == "managed"]
    assert sorted(ours) == sorted(planned(name)["resources"])


@pytest.mark.parametrize("name", NAMES)
def test_no_attribute_differs(name: str) -> None:
    expected = planned(name)["resources"]
    for resource in evaluated(name).resources:
        if resource.mode != "managed":
            continue
        values, unknown = expected[resource.address]["values"], expected[resource.address]["unknown"]
        for key, attribute in resource.body.attributes.items():
            agrees(attribute.value, values.get(key), unknown.get(key, False), f"{resource.address}.{key}")
        for kind in {block.type for block in resource.body.blocks}:
            blocks_agree(resource.body.blocks_of(kind), values.get(kind), f"{resource.address}.{kind}")


@pytest.mark.parametrize("name", NAMES)
def test_no_output_differs(name: str) -> None:
    evaluation, expected = evaluated(name), planned(name)["outputs"]
    assert sorted(evaluation.outputs) == sorted(expected)
    for key, output in expected.items():
        agrees(evaluation.outputs[key].value, output["value"], output["unknown"], key)


def agrees(value: Value, expected: Any, unknown: Any, where: str) -> None:
    """What we know equals the plan; what the plan does not know, we do not claim to know."""
    if not value.known or (value.is_null and expected is None):
        return
    assert unknown is not True or not value.wholly_known, f"{where}: we say {value.raw}, Terraform does not know"
    if unknown is True:
        return
    match expected:
        case dict():
            for key, part in value.elements():
                gap = unknown.get(key, False) if isinstance(unknown, dict) else False
                agrees(part, expected.get(key), gap, f"{where}.{key}")
        case list():
            gaps = unknown if isinstance(unknown, list) else [False] * len(expected)
            assert len(value.elements()) == len(expected) or True in gaps, where
            parts = [part for _, part in value.elements()]
            if not any(gaps) and all(part.wholly_known for part in parts):
                assert sorted(map(loose, parts_of(value))) == sorted(map(loose, expected)), where
        case _:
            ours = value.to_python()
            if where.endswith(".user_data"):
                # The provider keeps only a digest of it.
                ours = hashlib.sha1(ours.encode()).hexdigest()
            assert loose(ours) == loose(expected), where


def parts_of(value: Value) -> list[Any]:
    return [part.to_python() for _, part in value.elements()]


def loose(data: Any) -> str:
    """The provider's schema turns numbers into strings and orders sets; neither is a difference."""
    if isinstance(data, str):
        try:
            return json.dumps(json.loads(data), sort_keys=True)
        except ValueError:
            return json.dumps(data)
    if isinstance(data, dict):
        return json.dumps({key: loose(part) for key, part in data.items() if part is not None}, sort_keys=True)
    if isinstance(data, list):
        return json.dumps([loose(part) for part in data])
    return json.dumps(data, default=str)


def blocks_agree(blocks: tuple[Block, ...], expected: Any, where: str) -> None:
    assert not any(block.unknown for block in blocks), where
    assert expected is not None and len(blocks) == len(expected), where
    remaining = list(expected)
    for block in blocks:
        match = next((candidate for candidate in remaining if block_matches(block, candidate)), None)
        assert match is not None, f"{where}: {block} is not among {remaining}"
        remaining.remove(match)


def block_matches(block: Block, candidate: dict[str, Any]) -> bool:
    for key, attribute in block.body.attributes.items():
        value = attribute.value
        if value.wholly_known and not value.is_null and loose(value.to_python()) != loose(candidate.get(key)):
            return False
    nested = {inner.type for inner in block.body.blocks}
    return all(len(block.blocks_of(kind)) == len(candidate.get(kind) or ()) for kind in nested)


def test_how_much_is_told() -> None:
    """Honest unknowns are allowed, but not as a habit: nearly everything the plan knows, we know."""
    known = told = 0
    for name in NAMES:
        expected = planned(name)["resources"]
        for resource in evaluated(name).resources:
            for key, attribute in resource.body.attributes.items():
                if key in expected.get(resource.address, {}).get("values", {}):
                    known += 1
                    told += attribute.value.known
    assert told >= 0.98 * known, f"{told} of {known}"
