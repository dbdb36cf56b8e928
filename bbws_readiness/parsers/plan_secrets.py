"""Finds what a plan JSON marks as sensitive in any of its places, because it marks a value in some of them only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bbws_readiness.parsers.plan_resources import part_of_mirror

SHORTEST = 8
"""A shorter text is sensitive where it is marked, not wherever it occurs: `sit` is part of many names."""

_MARKS = ("before_sensitive", "after_sensitive")


class PlanSecrets:
    """The sensitive texts of one plan, and its marks by resource."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Gathers from changes, outputs, variables that the configuration calls sensitive, and both states."""
        self._marks: dict[str, list[object]] = {}
        self._texts: set[str] = set()
        for change in (*_objects(data.get("resource_changes")), *_objects(data.get("resource_drift"))):
            self._add_change(str(change.get("address")), _mapping(change.get("change")))
        for name in ("planned_values", "prior_state"):
            state = _mapping(data.get(name))
            self._add_state(_mapping(state.get("values", state) if name == "prior_state" else state))
        for output in _mapping(data.get("output_changes")).values():
            self._add_change("", _mapping(output))
        declared = _mapping(_mapping(_mapping(data.get("configuration")).get("root_module")).get("variables"))
        for name, given in _mapping(data.get("variables")).items():
            if _mapping(declared.get(name)).get("sensitive") is True:
                self._add(_mapping(given).get("value"), True)
                self._add(_mapping(declared.get(name)).get("default"), True)

    def masked(self, entry: Any) -> Any:  # noqa: ANN401 - an entry of `resource_changes`, of any shape
        """The same change with both its masks true wherever any source of the plan says so."""
        change = entry.get("change") if isinstance(entry, dict) else None
        if not isinstance(change, dict):
            return entry
        marks = self._marks.get(str(entry.get("address")), [])
        masks = {
            f"{side}_sensitive": self._mask(change.get(side), [change.get(f"{side}_sensitive"), *marks])
            for side in ("before", "after")
        }
        return {**entry, "change": {**change, **masks}}

    def _mask(self, value: object, marks: Sequence[object]) -> object:
        if any(mark is True for mark in marks):
            return True
        match value:
            case dict():
                return {
                    key: self._mask(part, [part_of_mirror(mark, key) for mark in marks]) for key, part in value.items()
                }
            case list():
                return [self._mask(part, [part_of_mirror(mark, at) for mark in marks]) for at, part in enumerate(value)]
            case str():
                return any(text in value for text in self._texts)
        return False

    def _add_change(self, address: str, change: Mapping[str, Any]) -> None:
        marks = [change.get(name) for name in _MARKS]
        self._marks.setdefault(address, []).extend(marks)
        for mark in marks:
            for side in ("before", "after"):
                self._add(change.get(side), mark)

    def _add_state(self, state: Mapping[str, Any]) -> None:
        for output in _mapping(state.get("outputs")).values():
            self._add(_mapping(output).get("value"), _mapping(output).get("sensitive"))
        pending = [_mapping(state.get("root_module"))]
        while pending:
            module = pending.pop()
            pending.extend(_objects(module.get("child_modules")))
            for found in _objects(module.get("resources")):
                mark = found.get("sensitive_values")
                self._marks.setdefault(str(found.get("address")), []).append(mark)
                self._add(found.get("values"), mark)

    def _add(self, value: object, mark: object) -> None:
        """Every text of `value` at which the mask is true."""
        match value:
            case dict():
                for key, part in value.items():
                    self._add(part, part_of_mirror(mark, key))
            case list():
                for at, part in enumerate(value):
                    self._add(part, part_of_mirror(mark, at))
            case str() if mark is True and len(value) >= SHORTEST:
                self._texts.add(value)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())
