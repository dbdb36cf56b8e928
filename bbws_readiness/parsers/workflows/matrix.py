"""Reads the matrix of a job, and what its names stand for in one of its runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bbws_readiness.fact import Fact
from bbws_readiness.positioned import Node


def read_matrix(job: Node) -> dict[str, tuple[Fact[str], ...]]:
    """The values of each name, those of `include` behind the others; empty for a matrix that is computed."""
    found: dict[str, list[Fact[str]]] = {}
    matrix = job.find("strategy", "matrix")
    for key, value in matrix.pairs() if matrix else ():
        if key.raw not in ("include", "exclude"):
            found.setdefault(key.raw, []).extend(Fact(one.raw, one.at) for one in value.elements() if one.text)
    for entry in _included(job):
        for name, fact in entry.items():
            if fact.value not in [known.value for known in found.setdefault(name, [])]:
                found[name].append(fact)
    return {name: tuple(values) for name, values in found.items()}


def chosen(
    job: Node, matrix: Mapping[str, tuple[Fact[str], ...]], bound: Mapping[str, Fact[str]]
) -> dict[str, Fact[str]]:
    """What the names of the matrix stand for in the run that `bound` tells: those with one value, and the included."""
    names = {name: fact for name in matrix if (fact := bound.get(f"matrix.{name}"))}
    found = {f"matrix.{name}": values[0] for name, values in matrix.items() if len(values) == 1}
    for entry in _included(job):
        if names and all(name in entry and entry[name].value == fact.value for name, fact in names.items()):
            found |= {f"matrix.{name}": fact for name, fact in entry.items() if name not in names}
    return {path: fact for path, fact in found.items() if path not in bound and "${{" not in str(fact.value)}


def _included(job: Node) -> Iterator[dict[str, Fact[str]]]:
    listed = job.find("strategy", "matrix", "include")
    for entry in listed.elements() if listed else ():
        yield {key.raw: Fact(value.raw, value.at) for key, value in entry.pairs() if value.text}
