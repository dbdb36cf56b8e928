"""Runs the cases of every rule: a project, an edit, and what the rule says about it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bbws_readiness.engine.finding import Finding, Outcome
from bbws_readiness.engine.run import Answer
from tests.rules.cases import Case, all_cases, answer, chosen, prepare, stands

CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}: {case.name}")
def test_case(case: Case, tmp_path: Path) -> None:
    project = prepare(case, tmp_path)
    found = answer(case, project)
    shown = "\n".join(f"{one.outcome} {one.standing} {one.document} {one.at} {one.message}" for one in found.findings)
    for expect in case.expectations:
        _meets(found, expect, shown)
    if case.outcomes == {"pass"}:
        assert all(finding.outcome is Outcome.PASS for finding in found.findings), shown
    for finding in found.findings:
        places = [finding.at, *(one.at for one in finding.related), *(at for side in finding.sides for at in side.at)]
        for place in places:
            assert stands(place, project), f"{finding.message}: no such place: {place}"


def _meets(found: Answer, expect: Mapping[str, Any], shown: str) -> None:
    findings = chosen(found, expect)
    assert findings, f"nothing is like {dict(expect)}:\n{shown}"
    if "subjects" in expect:
        assert sorted({finding.subject for finding in findings}) == sorted(expect["subjects"]), shown
    if "severity" in expect:
        assert {str(finding.severity) for finding in findings} == {expect["severity"]}, shown
    if "explained-by" in expect:
        assert all(bool(finding.explained_by) is bool(expect["explained-by"]) for finding in findings), shown
    if "votes" in expect:
        votes = [f"{', '.join(map(str, vote.sources))}: {vote.text}" for vote in found.votes]
        assert votes == expect["votes"]
    if "title" in expect:
        subjects = ", ".join(dict.fromkeys(finding.subject for finding in findings))
        assert found.rule.title.format_map({**found.summary, "subjects": subjects}) == expect["title"]
    _is_told(findings, expect, shown)


def _is_told(findings: Sequence[Finding], expect: Mapping[str, Any], shown: str) -> None:
    told = [finding for finding in findings if expect.get("message", "") in finding.message]
    assert told, f'no message holds "{expect["message"]}":\n{shown}'
    if "at" in expect:
        assert expect["at"] in [str(finding.at) for finding in told], shown
