"""Puts a rule to the project of a case, and holds the answer against what the case expects."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.checks import CHECKS
from bbws_readiness.config import Config, load_config, policy_source
from bbws_readiness.engine.check import Check
from bbws_readiness.engine.finding import Finding, Outcome
from bbws_readiness.engine.rule import Rule
from bbws_readiness.engine.rulebook import Rulebook
from bbws_readiness.engine.run import Answer, run_rules
from bbws_readiness.errors import ReadinessError
from bbws_readiness.model.model import Model
from bbws_readiness.parsers.assemble import build_model
from bbws_readiness.parsers.earlier import AssessmentSince, CommitSince, Since
from bbws_readiness.parsers.plan_json import parse_plan_json
from bbws_readiness.project import discover
from bbws_readiness.reader import PLAN_JSON as PLAN_LIMITS
from bbws_readiness.reader import Reader
from bbws_readiness.rule_cases.case import Case
from bbws_readiness.rule_cases.prepare import PLAN_JSON, broken, prepare
from bbws_readiness.rule_cases.suite import Suite
from bbws_readiness.siblings import among_siblings, read_siblings
from bbws_readiness.source import Location

AS_OF = date(2026, 3, 4)
"""The day of cases that name none: a Wednesday."""
ENVIRONMENT = "sit"


class Mismatch(Struct, frozen=True):
    """One thing that is not as the case expects."""

    what: str
    expected: str
    actual: str


class CaseResult(Struct, frozen=True):
    """What came of one case."""

    case: Case
    mismatches: tuple[Mismatch, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether everything is as expected."""
        return not self.mismatches


class RuleResult(Struct, frozen=True):
    """What came of all cases of one rule."""

    rule: Rule
    results: tuple[CaseResult, ...]

    @property
    def kept(self) -> bool:
        """Whether every case is as expected."""
        return all(result.kept for result in self.results)

    def showing(self, outcome: str) -> int:
        """How many cases show the outcome."""
        return sum(outcome in result.case.outcomes for result in self.results)

    @property
    def lacking(self) -> tuple[str, ...]:
        """The outcomes of pass, fail and undetermined that no case shows."""
        return tuple(outcome for outcome in ("pass", "fail", "undetermined") if not self.showing(outcome))


def run_suite(suite: Suite, rules: Sequence[Rule]) -> Iterator[RuleResult]:
    """The results of the rules in their order, each as soon as it is there."""
    for rule in rules:
        yield RuleResult(rule, tuple(run_case(suite, case) for case in suite.of(rule.code)))


def run_case(suite: Suite, case: Case) -> CaseResult:
    """One case in a folder that is gone afterwards; what keeps it from being run is a mismatch."""
    with tempfile.TemporaryDirectory(prefix="readiness-case-") as folder:
        try:
            project = prepare(case, Path(folder), suite.start(case), suite.plan(case))
            found = answer(case, posed(case, project), suite.book)
        except ReadinessError as error:
            return CaseResult(case, (Mismatch("the case cannot be run", "a project", str(error)),))
        return CaseResult(case, tuple(mismatches(case, found, project)), found.findings)


class Posed(Struct, frozen=True):
    """The project of a case as it is read once; every rulebook can be put to it."""

    config: Config
    model: Model
    as_of: date


def posed(case: Case, project: Path) -> Posed:
    """The prepared project as a model; raises `ReadinessError` when nothing can be asked about it."""
    config = load_config(project)
    environment = case.data.get("environment", ENVIRONMENT)
    plan = None
    if "plan-json" in case.data:
        named = PLAN_JSON if (project / PLAN_JSON).is_file() else case.data["plan-json"]["file"]
        plan = parse_plan_json(Reader(project, limits=PLAN_LIMITS).read(named), environment)
    found = discover(project, config)
    model = build_model(found, environment, plan_output=plan, since=_since(case, project, found.slug))
    model = among_siblings(model, found, read_siblings(found, environment))
    return Posed(config, model, _day(case))


def _since(case: Case, project: Path, slug: str) -> Since | None:
    """The earlier version that the case names: a JSON of the project, or a revision."""
    named = case.data.get("since")
    if named is None:
        return None
    if named.endswith(".json"):
        return AssessmentSince(Reader(project, limits=PLAN_LIMITS).read(named), slug)
    source = policy_source(project, named, option="--since")
    return CommitSince(source.base, source.project, source.revision)


def _day(case: Case) -> date:
    try:
        return date.fromisoformat(case.data["as-of"]) if "as-of" in case.data else AS_OF
    except ValueError:
        raise broken(case, "as-of is no day of the calendar") from None


def answer(case: Case, about: Posed, book: Rulebook, checks: Mapping[str, Check] = CHECKS) -> Answer:
    """What the case's rule says, as `book` has it; raises `ReadinessError` when it is not there or switched off."""
    configured = book.configured(about.config)
    rule = configured.rule(case.code)
    if rule is None:
        raise broken(case, f"there is no rule {case.code}")
    causes = {explanation.rule for explanation in rule.explained_by}
    asked = tuple(one for one in configured.rules if one.code == case.code or one.code in causes)
    answers = run_rules(about.model, replace(configured, rules=asked), checks, about.config, about.as_of)
    found = next((one for one in answers if one.rule.code == case.code), None)
    if found is None:
        raise broken(case, "the rule is switched off")
    return found


def mismatches(case: Case, found: Answer, project: Path) -> Iterator[Mismatch]:
    """Everything about the answer that is not as the case expects."""
    for expect in case.expectations:
        yield from _unmet(found, expect)
    if case.outcomes == {"pass"}:
        for finding in found.findings:
            if finding.outcome is not Outcome.PASS:
                yield Mismatch("another answer", "every subject passes", told(finding))
    for finding in found.findings:
        places = [finding.at, *(one.at for one in finding.related), *(at for side in finding.sides for at in side.at)]
        for place in places:
            if not stands(place, project):
                yield Mismatch("the place", "a line of the project", f"{place}: {finding.message}")


def _unmet(found: Answer, expect: Mapping[str, Any]) -> Iterator[Mismatch]:
    findings = chosen(found, expect)
    if not findings:
        seen = "; ".join(map(told, found.findings)) or "no answer"
        yield Mismatch("the answer", ", ".join(f"{key} {value}" for key, value in expect.items()), seen)
        return
    if "subjects" in expect:
        wanted, actual = sorted(expect["subjects"]), sorted({finding.subject for finding in findings})
        if wanted != actual:
            yield Mismatch("the subjects", ", ".join(wanted), ", ".join(actual))
    if "severity" in expect:
        severities = {str(finding.severity) for finding in findings}
        if severities != {expect["severity"]}:
            yield Mismatch("the severity", expect["severity"], ", ".join(sorted(severities)))
    if "explained-by" in expect and any(bool(one.explained_by) is not bool(expect["explained-by"]) for one in findings):
        yield Mismatch("being explained", str(expect["explained-by"]), "; ".join(map(told, findings)))
    if "votes" in expect:
        votes = [f"{', '.join(map(str, vote.sources))}: {vote.text}" for vote in found.votes]
        if votes != expect["votes"]:
            yield Mismatch("the votes", " | ".join(expect["votes"]), " | ".join(votes))
    if "title" in expect:
        subjects = ", ".join(dict.fromkeys(finding.subject for finding in findings))
        title = found.rule.title.format_map({**found.summary, "subjects": subjects})
        if title != expect["title"]:
            yield Mismatch("the title", expect["title"], title)
    yield from _untold(findings, expect)


def _untold(findings: Sequence[Finding], expect: Mapping[str, Any]) -> Iterator[Mismatch]:
    telling = [finding for finding in findings if expect.get("message", "") in finding.message]
    if not telling:
        yield Mismatch("the message", expect["message"], "; ".join(finding.message for finding in findings))
    elif "at" in expect and expect["at"] not in [str(finding.at) for finding in telling]:
        yield Mismatch("the place", expect["at"], ", ".join(str(finding.at) for finding in telling))


def chosen(found: Answer, expect: Mapping[str, Any]) -> list[Finding]:
    """The findings that an expectation is about."""
    return [
        finding
        for finding in found.findings
        if finding.outcome.value == expect["outcome"]
        and ("standing" not in expect or (finding.standing or "") == expect["standing"])
        and ("document" not in expect or (finding.document or "") == expect["document"])
        and ("facet" not in expect or finding.facet == expect["facet"])
    ]


def told(finding: Finding) -> str:
    """One finding on one line: `fail drift plan.md:3 orders: ...`."""
    words = (finding.outcome, finding.standing, finding.document, f"{finding.at}:", finding.message)
    return " ".join(str(word) for word in words if word)


def stands(location: Location, project: Path) -> bool:
    """Whether the place exists: a file or folder, and a line of it. Git facts stand at `.git` as a whole."""
    path = project / location.path
    if location.path in (".", ".git"):
        return location.line == 0
    if not path.exists():
        # What is missing is cited by the path where it should be.
        return location.line == 0
    if location.line == 0:
        return True
    # What ends too early is told at the line behind the last line end.
    return path.is_file() and 1 <= location.line <= path.read_bytes().count(b"\n") + 1
