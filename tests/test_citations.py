"""Every place that is printed exists, and its line holds what it is cited for: the files are opened again."""

import re
from collections.abc import Iterator
from functools import cache

import pytest

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.engine.finding import Outcome
from bbws_readiness.render.documents import render_documents
from bbws_readiness.render.machine import to_json
from bbws_readiness.source import Location
from tests.cases import each
from tests.example import EXAMPLE, READINGS, assessed

PRINTED = re.compile(r"(?<![\w.-])(?P<path>[\w.-]+(?:/[\w.-]+)*\.(?:md|tf|tfvars|json|py|yml|yaml)):(?P<line>[0-9]+)")
LINKED = re.compile(r"\]\(\.\./(?P<path>[^)#]+)#L(?P<line>[0-9]+)\)")
WORD = re.compile(r"[\w.@/-]*\w")

OWN_WORDS = {
    "on": "true enabled stream streams StreamEnabled",
    "off": "false enabled stream streams",
    "PAY_PER_REQUEST": "on-demand on_demand",
    "indexes": "gsi gsis",
    "tables": "gsi gsis",
    "streams": "stream_enabled",
    "backup": "aws_dynamodb_table",
    "validation": "test tests",
    "aws-managed": "server_side_encryption",
}
"""Words that we use for what a line says in its own language."""


@cache
def lines(path: str) -> tuple[str, ...]:
    return tuple((EXAMPLE / path).read_text("utf-8").split("\n"))


@cache
def full_path(name: str) -> str:
    """The one file a printed place means: the path itself, or in a terse document the only file of that name."""
    if (EXAMPLE / name).is_file():
        return name
    found = [str(path.relative_to(EXAMPLE)) for path in EXAMPLE.rglob(name) if "deployments" not in path.parts]
    assert len(found) == 1, f"{name} is printed and names {found or 'no file'}"
    return found[0]


@pytest.mark.parametrize("reading", READINGS)
def test_every_printed_place_exists(reading: str) -> None:
    texts = [document.text for document in render_documents(assessed(reading))]
    texts.append(to_json(assessed(reading)))
    counted = 0
    for text in texts:
        for match in (*PRINTED.finditer(text), *LINKED.finditer(text)):
            path, line = full_path(match["path"]), int(match["line"])
            assert 1 <= line <= len(lines(path)), f"{match[0]} names no line"
            counted += 1
    assert counted > 500


def tokens_of(*texts: str) -> Iterator[str]:
    for text in texts:
        for word in WORD.findall(text):
            yield from OWN_WORDS.get(word, "").casefold().split()
            yield from word.casefold().split(".")


def cited(assessment: Assessment) -> Iterator[tuple[str, Location, tuple[str, ...]]]:
    """What is said, where, and the tokens of which the line must hold at least one."""
    for finding in assessment.findings:
        name = f"{finding.rule.code} {finding.subject}"
        for side in finding.sides:
            says = side.says if isinstance(side.says, frozenset) else {str(side.says)}
            for at in side.at:
                yield f"{name} ({side.source})", at, (*says, side.text, finding.subject, finding.facet)
        for related in finding.related:
            yield f"{name} (related)", related.at, (related.text, finding.subject, finding.facet)
        if finding.outcome is Outcome.FAIL:
            yield name, finding.at, (finding.subject, finding.message, finding.actual, finding.expected)
    for approver in assessment.approvers:
        yield approver.role, approver.at, (approver.role,)
    for project in assessment.downstream:
        yield project.name, project.at, (project.name,)
    for line in assessment.cost.lines:
        yield line.item, line.at, (line.item,)


def stands_in(text: str, word: str) -> bool:
    """A single letter, such as the type of a key, has to stand in quotes."""
    return (word if len(word) > 1 or word.isdigit() else f'"{word}"') in text


@each("reading", READINGS)
def test_the_cited_line_holds_its_token(reading: str) -> None:
    checked = 0
    for said, at, tokens in cited(assessed(reading)):
        if at.line == 0:
            continue
        text = lines(at.path)[at.line - 1].casefold()
        assert text.strip(), f"{said}: {at} is an empty line"
        words = set(tokens_of(*tokens))
        assert any(stands_in(text, word) for word in words), f"{said}: {at} reads {text.strip()!r}"
        checked += 1
    assert checked > 100


def test_every_table_fact_stands_on_its_line() -> None:
    for table in assessed("b").model.terraform_tables or ():
        spoken = [(table.full_name, "name"), (table.billing_mode, "billing_mode"), (table.recovery, "enabled")]
        for index in table.indexes or ():
            spoken.append((index.name, index.name.get()))
            spoken.append((index.projection, "projection_type"))
        for fact, token in spoken:
            assert fact is not None
            assert token in lines(fact.at.path)[fact.at.line - 1], f"{fact.at} does not hold {token}"
