"""Takes from the cases of a rule one example that fails and one that passes, for its page."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from posixpath import normpath
from typing import Any, TypeAlias

from bbws_readiness.engine.finding import Finding
from bbws_readiness.engine.rule import Rule
from bbws_readiness.render.rule_pages import Example, Examples, Fragment, NearMiss
from bbws_readiness.rule_cases.case import Case
from bbws_readiness.rule_cases.prepare import PLAN_JSON, Texts
from bbws_readiness.rule_cases.run import CaseResult, run_case
from bbws_readiness.rule_cases.suite import Suite

CONFIG = "readiness.yaml"
MOST_TRIED = 3
LONG = 2000
"""Lines of a file beyond which no difference is told: finding one takes more than time in proportion."""
LINES = 10
"""Lines of a file that is shown as it is."""
BEFORE = 2
"""How many of them stand before the place that is meant."""

Runner: TypeAlias = Callable[[Suite, Case], CaseResult]


def examples_of(suite: Suite, rule: Rule, run: Runner = run_case) -> Examples:
    """A case that fails and one that passes, with what the rule says of each; they are run for that, by `run`.

    Beside them stand all near misses, as their cases tell them.
    Taken are the first that show a text; one that passes shows nothing else, if there is such a case.
    """
    cases = suite.of(rule.code)
    failing = [case for case in cases if "fail" in case.outcomes]
    passing = sorted((case for case in cases if "pass" in case.outcomes), key=lambda case: len(case.outcomes))
    return Examples(
        _telling(_example(suite, case, "fail", run) for case in failing),
        _telling(_example(suite, case, "pass", run) for case in passing),
        tuple(NearMiss(case.name, *case.near_miss) for case in cases if case.near_miss),
    )


def _telling(examples: Iterator[Example]) -> Example | None:
    """The first that shows a file, of the first three; else the first."""
    few = islice(examples, MOST_TRIED)
    first = next(few, None)
    if first is None or first.fragments:
        return first
    return next((one for one in few if one.fragments), first)


def _example(suite: Suite, case: Case, outcome: str, run: Runner) -> Example:
    findings = [one for one in run(suite, case).findings if one.outcome.value == outcome]
    messages = tuple(dict.fromkeys(map(_line, findings)))
    fragments = tuple(_changes(suite, case))
    if all(fragment.path == CONFIG for fragment in fragments):
        fragments += _excerpt(suite, case, findings)
    return Example(case.name, fragments, messages, tuple(_circumstances(case)))


def _line(finding: Finding) -> str:
    return finding.message if finding.at.path == "." else f"{finding.at}: {finding.message}"


def _changes(suite: Suite, case: Case) -> Iterator[Fragment]:
    """What the case changes, removes and writes, in the order of the paths, then what it configures."""
    before = suite.start(case)
    after = _edited(case, before)
    for path in sorted({*before, *after}):
        if path not in after:
            lines = _difference(before[path], "").split("\n")
            yield Fragment(path, "\n".join([*lines[1:LINES], *(["…"] if len(lines) > LINES else [])]), "is removed")
        elif path not in before:
            yield Fragment(path, after[path], "is new" if before else "")
        elif after[path] != before[path]:
            yield Fragment(path, _difference(before[path], after[path]), "is changed")
    git = case.data.get("git")
    for path, text in git.get("changed", {}).items() if isinstance(git, dict) else ():
        yield Fragment(path, _difference(after.get(path, ""), text), "is changed")
    if config := case.data.get("config"):
        yield Fragment(CONFIG, config)


def _edited(case: Case, before: Texts) -> Mapping[str, str]:
    texts = dict(before)
    for edit in case.data.get("edit", ()):
        path = normpath(edit["path"])
        texts[path] = texts.get(path, "").replace(edit["replace"], edit["with"])
    texts.update({normpath(path): text for path, text in case.files.items()})
    for name in map(normpath, case.data.get("remove", ())):
        texts = {path: text for path, text in texts.items() if path != name and not path.startswith(f"{name}/")}
    return texts


def _difference(before: str, after: str) -> str:
    old, new = before.splitlines(), after.splitlines()
    if max(len(old), len(new)) > LONG:
        return f"… (more than {LONG} lines)"
    lines = difflib.unified_diff(old, new, lineterm="")
    return "\n".join(list(lines)[2:])


def _excerpt(suite: Suite, case: Case, findings: Sequence[Finding]) -> tuple[Fragment, ...]:
    """What stands at the place of the first finding, where the case changes nothing."""
    texts = dict(_edited(case, suite.start(case)))
    if plan := suite.plan(case):
        texts[PLAN_JSON] = plan
    at = next((finding.at for finding in findings if finding.at.line and finding.at.path in texts), None)
    if at is None:
        return ()
    start = max(0, at.line - 1 - BEFORE)
    lines = texts[at.path].split("\n")[start : start + LINES]
    return (Fragment(at.path, "\n".join(lines), f"from line {start + 1}"),)


def _circumstances(case: Case) -> Iterator[str]:
    """What else the case says, in sentences."""
    if "environment" in case.data:
        yield f"The environment is {case.data['environment']}."
    if "as-of" in case.data:
        yield f"The day is {case.data['as-of']}."
    if "plan-json" in case.data:
        yield f"Terraform's own plan is handed in with --plan-json ({case.data['plan-json']['file']})."
    git = case.data.get("git")
    if isinstance(git, dict):
        yield from _git(git)


def _git(git: Mapping[str, Any]) -> Iterator[str]:
    if "branch" in git:
        yield f"The branch is {git['branch']}."
    for key, where in (("tags", "the commit"), ("tags-before", "an earlier commit")):
        for tag in git.get(key, ()):
            yield f"The tag {tag} stands on {where}."
    for path in git.get("changed", {}):
        yield f"{path} differs from the commit."
