"""Reads the matrix of a job, and what its names stand for in one of its runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bbws_readiness.fact import Fact
from bbws_readiness.parsers.workflows import expressions
from bbws_readiness.parsers.workflows.expressions import Call, Literal
from bbws_readiness.positioned import Node


def read_matrix(job: Node) -> dict[str, tuple[Fact[str], ...]]:
    """The values of each name, those of `include` behind the others; empty for a matrix that is computed.

    Of values with members each member is a name of its own: `target.environment`.
    """
    found: dict[str, list[Fact[str]]] = {}
    matrix = job.find("strategy", "matrix")
    for key, value in matrix.pairs() if matrix else ():
        if key.raw not in ("include", "exclude"):
            found.setdefault(key.raw, []).extend(_values(value))
    excluded = job.find("strategy", "matrix", "exclude")
    for one in excluded.elements() if excluded else ():
        left_out = [(key.raw, value.raw) for key, value in one.pairs()]
        if len(left_out) == 1 and (name := left_out[0][0]) in found:
            found[name] = [fact for fact in found[name] if fact.value != left_out[0][1]]
    for entry in (*_included(job), *_with_members(job)):
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
    for entry in (*_included(job), *_with_members(job)):
        if names and all(name in entry and entry[name].value == fact.value for name, fact in names.items()):
            found |= {f"matrix.{name}": fact for name, fact in entry.items() if name not in names}
    return {path: fact for path, fact in found.items() if path not in bound and "${{" not in str(fact.value)}


def _values(node: Node) -> Iterator[Fact[str]]:
    """The texts of a list, which may also be written as JSON in an expression."""
    yield from (Fact(one.raw, one.at) for one in node.elements() if one.text)
    parsed = expressions.parse_condition(node.raw) if node.shape == "scalar" and "${{" in node.raw else None
    match parsed:
        case Call("fromjson", (Literal(text, True),)):
            yield from (Fact(one, node.at) for one in expressions.texts_in(text))


def _with_members(job: Node) -> Iterator[dict[str, Fact[str]]]:
    """The values that have members, each with the name of the matrix in front."""
    matrix = job.find("strategy", "matrix")
    for key, value in matrix.pairs() if matrix else ():
        for one in value.elements() if key.raw not in ("include", "exclude") else ():
            if members := {f"{key.raw}.{name.raw}": Fact(part.raw, part.at) for name, part in one.pairs() if part.text}:
                yield members


def _included(job: Node) -> Iterator[dict[str, Fact[str]]]:
    listed = job.find("strategy", "matrix", "include")
    for entry in listed.elements() if listed else ():
        yield {key.raw: Fact(value.raw, value.at) for key, value in entry.pairs() if value.text}
