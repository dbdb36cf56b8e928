"""Inputs that look wrong and are right: the whole rulebook is put to each, and no deep rule finds anything."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bbws_readiness.checks import CHECKS
from bbws_readiness.config import Config
from bbws_readiness.engine.finding import Finding, Outcome
from bbws_readiness.engine.rulebook import Rulebook
from bbws_readiness.engine.run import Answer, run_rules
from bbws_readiness.parsers import Known, Parser, assemble
from bbws_readiness.rule_cases.case import Case
from bbws_readiness.rule_cases.prepare import prepare
from bbws_readiness.rule_cases.run import mismatches, posed, told
from bbws_readiness.rule_cases.suite import NEAR_MISSES
from bbws_readiness.source import Source
from bbws_readiness.terraform import canonical, modules
from bbws_readiness.terraform.syntax import parse_file
from tests.cases import each
from tests.rules.cases import suite

DEEP = (
    *("TBL005", "IDX003", "IDX004", "IDX005", "IDX006", "IDX007", "DUR004", "DUR005", "ENV004", "ENV008", "TFC003"),
    *("STA002", "STA003", "STA005", "WFL003", "WFL004", "WFL006", "WFL007", "WFL008", "WFL010", "WFL011", "WFL012"),
    *("WFL015", "VAL004", "IAM001", "IAM002", "IAM003", "IAM004", "IAM005", "DOC001", "CMD001", "CMD002", "CMD003"),
    *("CMD004", "CMD005", "CMD006", "CAL002", "POR001", "POR002", "POR003", "POR004"),
)
"""The rules that look at what would really break: each must know what only looks like it."""
LEAST_OF_A_RULE = 3
LEAST = 120
INPUT = ("project", "edit", "files", "write", "remove", "config", "environment", "as-of", "git", "since", "plan-json")
"""What a near miss is made of; the rest says what is expected and why."""


def near_misses() -> tuple[Case, ...]:
    """Every case of the suite that tells why it looks wrong, or why it is right."""
    return tuple(case for case in suite().cases if case.near_miss)


@pytest.fixture(scope="module", autouse=True)
def _each_text_is_parsed_once() -> Iterator[None]:
    """Most files of most inputs are those of the project that they begin with: what was parsed is remembered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assemble, "PARSERS", tuple(map(_remembering, assemble.PARSERS)))
        patch.setattr(modules, "parse_file", cache(parse_file))
        patch.setattr(canonical, "unformatted_lines", cache(canonical.unformatted_lines))
        yield


def _remembering(parser: Parser) -> Parser:
    known: dict[tuple[object, ...], Any] = {}

    def parse(source: Source, about: Known) -> Any:
        key = (source, tuple(about.environments), about.environment)
        if key not in known:
            known[key] = parser.parse(source, about)
        return known[key]

    return replace(parser, parse=parse)


@each("case", near_misses(), ids=lambda case: f"{case.code}: {case.name}", by=lambda case: case.code)
def test_nothing_is_found(case: Case) -> None:
    answers, unmet = _asked(case)
    assert unmet == [], case.near_miss
    before = _failing_before(*(case.data.get(key) for key in ("project", "environment", "as-of")))
    found = [told(finding) for code, finding in _failing(answers) if (code, finding.subject) not in before]
    assert found == [], "correct the input, or the rule that takes it for a fault"


def _asked(case: Case) -> tuple[tuple[Answer, ...], list[str]]:
    """What every rule says about the project of the case, and what its own rule does not say as expected."""
    with tempfile.TemporaryDirectory(prefix="readiness-near-miss-") as folder:
        project = prepare(case, Path(folder), suite().start(case), suite().plan(case))
        about = posed(case, project)
        book = _as_shipped() if about.config == Config() else suite().book.configured(about.config)
        answers = tuple(run_rules(about.model, book, CHECKS, about.config, about.as_of))
        own = next(answer for answer in answers if answer.rule.code == case.code)
        return answers, [f"{one.what}: {one.expected}; found {one.actual}" for one in mismatches(case, own, project)]


@cache
def _as_shipped() -> Rulebook:
    return suite().book.configured(Config())


@cache
def _failing_before(project: str | None, environment: str | None, day: str | None) -> frozenset[tuple[str, str]]:
    """The deep rules, with their subjects, that fail on the project as it is."""
    given = {"project": project, "environment": environment, "as-of": day}
    data = {key: value for key, value in given.items() if value} | {"expect": []}
    answers, _ = _asked(replace(near_misses()[0], name="as it is", data=data))
    return frozenset((code, finding.subject) for code, finding in _failing(answers))


def _failing(answers: tuple[Answer, ...]) -> Iterator[tuple[str, Finding]]:
    for answer in answers:
        if answer.rule.code in DEEP:
            yield from ((answer.rule.code, one) for one in answer.findings if one.outcome is Outcome.FAIL)


def test_every_deep_rule_has_enough_of_them() -> None:
    many = Counter(case.code for case in near_misses())
    assert {code: many[code] for code in {*DEEP, *many} if code not in DEEP or many[code] < LEAST_OF_A_RULE} == {}
    assert many.total() >= LEAST


def test_every_one_tells_both_reasons_and_passes() -> None:
    told_of = [(case.name, *(case.near_miss or ("", "")), case.outcomes) for case in suite().cases if _lies_here(case)]
    assert len(told_of) == len(near_misses()), "a near miss among the other cases, or a case without a reason here"
    for name, looks_wrong, is_right, outcomes in told_of:
        assert looks_wrong, name
        assert is_right, name
        assert outcomes <= {"pass", "not-applicable"}, name


def _lies_here(case: Case) -> bool:
    return (Path(__file__).parents[2] / NEAR_MISSES / case.at.path).is_file()


def test_no_two_are_equal() -> None:
    inputs: dict[str, list[str]] = {}
    for case in near_misses():
        text = json.dumps({key: case.data[key] for key in INPUT if key in case.data}, sort_keys=True)
        inputs.setdefault(text, []).append(f"{case.code}: {case.name}")
    assert [names for names in inputs.values() if len(names) > 1] == []
