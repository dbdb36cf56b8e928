"""Counts how far our planned values agree with those of the real Terraform."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bbws_readiness.terraform import Evaluation
from bbws_readiness.terraform.planned import planned_data, planned_values
from bbws_readiness.terraform.provider.schema import resource_schema

HASHED = ("user_data",)
"""The provider keeps only a digest of these."""


@dataclass
class Agreement:
    """How many leaves agree, are honestly unknown, or differ."""

    equal: int = 0
    unknown: list[str] = field(default_factory=list)
    """Paths that Terraform knows and we do not."""
    wrong: list[str] = field(default_factory=list)
    as_written: bool = False
    """Only what is written is compared, and loosely: the shape of the type is not recorded."""

    def compare(self, ours: Any, our_gaps: set[str], theirs: Any, their_gaps: Any, path: str) -> None:
        """One value with everything inside; `our_gaps` are paths, `their_gaps` has the shape of the value."""
        we_know, they_know = path not in our_gaps, their_gaps is not True
        if not they_know:
            if we_know:
                self.wrong.append(f"{path}: expected unknown, got {ours!r}")
            else:
                self.equal += 1
        elif not we_know:
            self.unknown.append(path)
        elif isinstance(theirs, dict) and isinstance(ours, dict):
            expected = {key: theirs[key] for key in ours if key in theirs} if self.as_written else theirs
            for key, inner in members(ours, our_gaps, expected, {} if self.as_written else their_gaps, path):
                gap = their_gaps.get(key, False) if isinstance(their_gaps, dict) else False
                self.compare(ours.get(key), our_gaps, theirs.get(key), gap, inner)
        elif isinstance(theirs, list) and isinstance(ours, list):
            self.compare_lists(ours, our_gaps, theirs, their_gaps, path)
        elif same(ours, theirs) or (self.as_written and (str(ours) == str(theirs) or path in HASHED)):
            self.equal += 1
        else:
            self.wrong.append(f"{path}: expected {theirs!r}, got {ours!r}")

    def compare_lists(self, ours: list[Any], our_gaps: set[str], theirs: list[Any], their_gaps: Any, path: str) -> None:
        """In order where that agrees, else as a set: Terraform orders sets of objects by an inner digest."""
        if len(ours) != len(theirs):
            self.wrong.append(f"{path}: expected {theirs!r}, got {ours!r}")
            return
        gaps = their_gaps if isinstance(their_gaps, list) else [False] * len(theirs)
        remaining = list(range(len(theirs)))
        for index, mine in enumerate(ours):
            inner = f"{path}[{index}]"
            trials = [(other, self.trial(mine, our_gaps, theirs[other], gaps[other], inner)) for other in remaining]
            other, best = min(trials, key=lambda found: (len(found[1].wrong), len(found[1].unknown)))
            remaining.remove(other)
            self.add(best)

    def trial(self, *arguments: Any) -> "Agreement":
        """The agreement of one pair."""
        result = Agreement(as_written=self.as_written)
        result.compare(*arguments)
        return result

    def add(self, other: "Agreement") -> None:
        """Count another agreement in."""
        self.equal += other.equal
        self.unknown += other.unknown
        self.wrong += other.wrong


def members(
    ours: dict[str, Any], our_gaps: set[str], theirs: dict[str, Any], their_gaps: Any, path: str
) -> Iterator[tuple[str, str]]:
    """Every key that either side knows of, with its path."""
    gaps = their_gaps if isinstance(their_gaps, dict) else {}
    for key in sorted({*ours, *theirs, *(key for key, gap in gaps.items() if gap is True)}):
        plain = f"{path}.{key}" if path else key
        quoted = f"{path}[{json.dumps(key, ensure_ascii=False)}]"
        yield key, quoted if quoted in our_gaps else plain
    known = {*ours, *theirs, *gaps}
    for gap in our_gaps:
        rest = gap.removeprefix(f"{path}." if path else "")
        if (not path or gap.startswith(f"{path}.")) and "." not in rest and "[" not in rest and rest not in known:
            yield rest, gap


def same(ours: Any, theirs: Any) -> bool:
    """Equal as Terraform writes it; numbers by size, JSON text by what it says."""
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, int | Decimal | float) and isinstance(theirs, int | Decimal | float):
        return abs(float(ours) - float(theirs)) <= abs(float(theirs)) * 1e-15
    return bool(ours == theirs)


def of_configuration(evaluation: Evaluation, planned: dict[str, Any]) -> Agreement:
    """All resources and outputs of one configuration."""
    total = Agreement()
    for instance in evaluation.resources:
        expected = planned["resources"].get(instance.address)
        if instance.mode != "managed" or expected is None:
            continue
        ours = planned_values(instance)
        result = Agreement(as_written=resource_schema(instance.type) is None)
        result.compare(ours.values, set(ours.unknown), expected["values"], expected["unknown"], "")
        for found in (result.unknown, result.wrong):
            found[:] = [f"{instance.address}: {line}" for line in found]
        total.add(result)
    for name, expected in planned["outputs"].items():
        path = f"output.{name}"
        data, our_gaps = planned_data(evaluation.outputs[name].value, path)
        result = Agreement()
        result.compare(data, set(our_gaps), expected["value"], expected["unknown"], path)
        total.add(result)
    return total
