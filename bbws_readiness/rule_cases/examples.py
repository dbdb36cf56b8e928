"""Takes from the cases of a rule one example that fails and one that passes, for its page."""

from __future__ import annotations

from collections.abc import Sequence

from bbws_readiness.engine.finding import Finding
from bbws_readiness.engine.rule import Rule
from bbws_readiness.render.rule_pages import Example, Examples
from bbws_readiness.rule_cases.case import Case
from bbws_readiness.rule_cases.run import run_case
from bbws_readiness.rule_cases.suite import Suite

MOST_MESSAGES = 5
LINES = 8
"""Lines of a file that is shown as it is."""


def examples_of(suite: Suite, rule: Rule) -> Examples:
    """The first case that fails and the first that passes, with what the rule says of each; they are run for that."""
    cases = suite.of(rule.code)
    return Examples(_example(suite, cases, "fail"), _example(suite, cases, "pass"))


def _example(suite: Suite, cases: Sequence[Case], outcome: str) -> Example | None:
    showing = [case for case in cases if outcome in case.outcomes]
    # A case that changes something shows more than one that takes a project as it is.
    case = next((one for one in showing if _fragments(one)), next(iter(showing), None))
    if case is None:
        return None
    findings = [one for one in run_case(suite, case).findings if one.outcome.value == outcome]
    told = dict.fromkeys(finding.message for finding in findings)
    return Example(case.name, _fragments(case) or _excerpt(suite, case, findings), tuple(told)[:MOST_MESSAGES])


def _excerpt(suite: Suite, case: Case, findings: Sequence[Finding]) -> tuple[tuple[str, str], ...]:
    """What stands at the place of the first finding, where the case changes nothing."""
    at = next((finding.at for finding in findings if finding.at.line), None)
    text = suite.start(case).get(at.path) if at else None
    if at is None or text is None:
        return ()
    lines = text.split("\n")[at.line - 1 : at.line - 1 + LINES]
    return ((at.path, "\n".join(lines)),)


def _fragments(case: Case) -> tuple[tuple[str, str], ...]:
    edits = [(edit["path"], edit["with"]) for edit in case.data.get("edit", ()) if edit["with"].strip()]
    config = case.data.get("config")
    return (*edits, *case.files.items(), *((("readiness.yaml", config),) if config else ()))
