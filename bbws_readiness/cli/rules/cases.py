"""`readiness rules test [PATH]`: runs the cases of rules and tells which are not as expected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bbws_readiness.cli.options import SomePath, colour_option, format_option
from bbws_readiness.cli.output import inert, paint, plain, say, wants_colour
from bbws_readiness.cli.rules.chosen import Chosen, chosen_rules
from bbws_readiness.codes import Code
from bbws_readiness.errors import NothingToAssess
from bbws_readiness.process.limits import waiting
from bbws_readiness.render.encode.json import to_json

if TYPE_CHECKING:
    from bbws_readiness.engine.rule import Rule
    from bbws_readiness.rule_cases.run import RuleResult
    from bbws_readiness.rule_cases.suite import Suite

OUTCOMES = ("pass", "fail", "undetermined", "not-applicable")


@click.command("test")
@click.argument("path", type=SomePath(path_type=Path), required=False)
@click.option("--rule", "name", metavar="RULE", help="Only the cases of this rule, by code or slug.")
@click.option("--strict", is_flag=True, help="Fail too when a rule has no case that passes, fails or is undetermined.")
@format_option
@colour_option
def command(path: Path | None, *, name: str | None, strict: bool, form: str, colour: str) -> int:
    """Run the cases of the rules that the project at PATH brings; without PATH those of this tool's own rules.

    \b
    Exit codes: 0 every case is as expected, 1 one is not, 2 a rule or a case is not well written,
    3 there is nothing to run.
    """
    from bbws_readiness.rule_cases.run import run_suite

    chosen = chosen_rules(path)
    rule = chosen.rule(name) if name else None
    suite, rules = _suite(chosen, path, rule)
    # Ours are trusted and many; those of a project have the time of one run.
    with nullcontext() if suite.own else waiting():
        results = list(run_suite(suite, rules))
    kept = all(one.kept and not (strict and one.lacking) for one in results)
    if form == "json":
        say(to_json({"kept": kept, "rules": [_data(one) for one in results]}, indent=True) + "\n")
    else:
        painter = paint if wants_colour(colour) else plain
        for one in results:
            role = "ready" if one.kept else "critical"
            first, *rest = _lines(one)
            say(painter(inert(first), role) + "\n" + "".join(inert(line) + "\n" for line in rest))
        say(_summary(results) + "\n")
    return 0 if kept else 1


def _suite(chosen: Chosen, path: Path | None, rule: Rule | None) -> tuple[Suite, list[Rule]]:
    """The cases to run, and the rules they belong to; raises `NothingToAssess` when there are none."""
    from bbws_readiness.rule_cases.suite import own_suite, shipped_suite

    if path is not None and (rule is None or rule.own):
        rules = [one for one in chosen.own.book.rules if one.own and (rule is None or one.code == rule.code)]
        if not rules:
            raise NothingToAssess(
                "this project brings no rules of its own",
                hint="they lie in readiness/rules; without PATH the cases of our own are run",
                code=Code.NOTHING,
            )
        return own_suite(chosen.own, path), rules
    suite = shipped_suite(chosen.own.book, rule.code if rule else "")
    if suite is None:
        raise NothingToAssess(
            "the cases of our own rules are not installed",
            hint="they lie in tests/rules/cases of a checkout of bbws-readiness; PATH runs those of a project",
            code=Code.NOTHING,
        )
    return suite, [one for one in suite.book.rules if not one.own and (rule is None or one.code == rule.code)]


def _lines(one: RuleResult) -> Iterator[str]:
    counts = ", ".join(f"{number} {outcome}" for outcome in OUTCOMES if (number := one.showing(outcome)))
    failed = sum(not result.kept for result in one.results)
    verdict = f"{failed} of {len(one.results)} NOT AS EXPECTED" if failed else "ok"
    yield f"{one.rule.code} {one.rule.slug}: {verdict} ({counts or 'no cases'})"
    if one.lacking:
        yield f"  no case is {', '.join(one.lacking)}"
    for result in one.results:
        for mismatch in result.mismatches:
            yield f"  {result.case.at}: {result.case.name}: {mismatch.what}"
            yield f"    expected {mismatch.expected}"
            yield f"    found    {mismatch.actual}"


def _summary(results: list[RuleResult]) -> str:
    from bbws_readiness.render.wording import counted

    cases = [result for one in results for result in one.results]
    failed = sum(not result.kept for result in cases)
    lacking = sum(bool(one.lacking) for one in results)
    told = f"{counted(len(cases), 'case')} of {counted(len(results), 'rule')}: {failed or 'none'} not as expected"
    return f"{told}; {lacking} without all three kinds of case" if lacking else told


def _data(one: RuleResult) -> dict[str, Any]:
    return {
        "rule": one.rule.code,
        "slug": one.rule.slug,
        "kept": one.kept,
        "lacking": list(one.lacking),
        "cases": [
            {
                "name": result.case.name,
                "at": str(result.case.at),
                "outcomes": sorted(result.case.outcomes),
                "kept": result.kept,
                "mismatches": [
                    {"what": bad.what, "expected": bad.expected, "found": bad.actual} for bad in result.mismatches
                ],
            }
            for result in one.results
        ],
    }
