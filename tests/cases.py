"""Tests over tables of cases: one test runs all of them, each by itself, and names every case that fails.

A test of its own costs pytest some milliseconds, and there are thousands of cases that take less.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

Test = Callable[..., None]

WANTED: list[str] = []
"""Words of which a case must have one in its name; without any, all cases run. Set by `pytest --case`."""


@dataclass(frozen=True)
class Case:
    """The arguments of one call, and what it is called."""

    name: str
    arguments: dict[str, Any]


def each(
    names: str | Sequence[str],
    values: Iterable[Any],
    ids: Callable[[Any], object] | Sequence[object] | None = None,
    *,
    by: Callable[..., Hashable] | None = None,
) -> Callable[[Test], Test]:
    """Like `pytest.mark.parametrize`, as one test: a case that fails does not keep the others from running.

    Every case has a `tmp_path` of its own, undoes its own `monkeypatch`, and finds nothing of others in `capsys`. What
    else a test is given is given once, so it must be such that a case leaves it as it was. Several of them on one
    function make every combination. `by`, which is called with the values of a case, makes one test of each group
    that it names. The test is skipped when every case is. Marks of a case are refused: they need `parametrize`.
    """
    named = tuple(part.strip() for part in names.split(",") if part.strip()) if isinstance(names, str) else (*names,)
    cases = tuple(_cases(named, values, ids))

    def decorate(test: Test) -> Test:
        if by is None:
            return _together(test, named, cases)
        groups: dict[str, list[Case]] = {}
        for case in cases:
            groups.setdefault(str(by(*case.arguments.values())), []).append(case)
        return pytest.mark.parametrize("group", groups)(_together(test, named, cases, groups))

    return decorate


def _cases(named: tuple[str, ...], values: Iterable[Any], ids: Any) -> Iterator[Case]:
    listed = list(ids) if ids is not None and not callable(ids) else None
    for number, value in enumerate(values):
        own = None
        if isinstance(value, type(pytest.param())):
            if value.marks:
                raise ValueError(f"case {value.id or number} has marks, which `each` does not know")
            own = value.id
            value = value.values[0] if len(named) == 1 else value.values
        parts = (value,) if len(named) == 1 else tuple(value)
        arguments = dict(zip(named, parts, strict=True))
        name = own or (listed[number] if listed else None) or _name(arguments, number, ids if callable(ids) else None)
        yield Case(str(name), arguments)


def _name(arguments: dict[str, Any], number: int, told: Callable[[Any], object] | None) -> str:
    return "-".join(_part(name, value, number, told) for name, value in arguments.items())


def _part(name: str, value: Any, number: int, told: Callable[[Any], object] | None) -> str:
    """A value in a name, as pytest has it."""
    if told is not None and (said := told(value)) is not None:
        return str(said)
    if isinstance(value, str | int | float | bool | Enum | None):
        return str(value)
    return str(getattr(value, "__name__", f"{name}{number}"))


def _together(
    test: Test, named: tuple[str, ...], cases: Sequence[Case], groups: dict[str, list[Case]] | None = None
) -> Test:
    given = inspect.signature(test)
    if missing := [name for name in named if name not in given.parameters]:
        raise ValueError(f"{test.__name__} takes no {missing[0]}")

    @wraps(test)
    def run(*positional: Any, **fixtures: Any) -> None:
        chosen = _wanted(cases if groups is None else groups[fixtures.pop("group")])
        failed: list[BaseException] = []
        names: list[str] = []
        skipped: list[str] = []
        for number, case in enumerate(chosen):
            try:
                with _own(fixtures, number) as own:
                    test(*positional, **own, **case.arguments)
            except pytest.skip.Exception as reason:
                skipped.append(f"{case.name}: {reason.msg}")
            except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - it is told below
                if isinstance(error, BaseExceptionGroup) and "cases fail" in error.message:
                    names += [f"{case.name}-{inner}" for inner in error.message.partition(": ")[2].split("; ")]
                else:
                    names.append(case.name)
                error.add_note(f"case {case.name!r}")
                failed.append(error)
        if failed:
            raise BaseExceptionGroup(f"{len(failed)} of {len(chosen)} cases fail: {'; '.join(names)}", failed)

        if len(skipped) == len(chosen):
            pytest.skip("; ".join(skipped))

    left = [one for name, one in given.parameters.items() if name not in named]
    if groups is not None:
        left.append(inspect.Parameter("group", inspect.Parameter.KEYWORD_ONLY))
    run.__signature__ = given.replace(parameters=left)  # type: ignore[attr-defined]
    return run


def _wanted(cases: Sequence[Case]) -> Sequence[Case]:
    chosen = [case for case in cases if any(word in case.name for word in WANTED)] if WANTED else cases
    if not chosen:
        pytest.skip("no case of that name" if cases else "no cases")
    return chosen


@contextmanager
def _own(fixtures: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
    """What pytest gives to a test, for one case alone."""
    own = dict(fixtures)
    if isinstance(folder := own.get("tmp_path"), Path):
        own["tmp_path"] = folder / str(number)
        own["tmp_path"].mkdir()
    for name in ("capsys", "capfd"):
        if name in own:
            own[name].readouterr()
    if "monkeypatch" not in own:
        yield own
        return
    with pytest.MonkeyPatch.context() as patch:
        own["monkeypatch"] = patch
        yield own
