"""`readiness decide FINDING...`: records in the decision log why findings need not be mended, if no source objects."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bbws_readiness.cli.confinement import confine
from bbws_readiness.cli.options import (
    SomePath,
    as_of_option,
    cache_option,
    config_option,
    moment_of,
    promotion_plan_option,
    setting_options,
)
from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError

if TYPE_CHECKING:
    from bbws_readiness.assess.assessment import Assessment
    from bbws_readiness.config import Config
    from bbws_readiness.decisions.append import Proposal
    from bbws_readiness.decisions.choice import Choice
    from bbws_readiness.settings import Settings

OUTPUTS = "deployments"
"""Where documents usually lie; they are no input."""
KINDS = ("by-design", "not-required", "accepted-risk")


@click.command("decide")
@click.argument("findings", nargs=-1, required=True, metavar="FINDING...")
@click.option("--as", "kind", required=True, type=click.Choice(KINDS), help="Why it need not be mended.")
@click.option("--by", "roles", required=True, multiple=True, metavar="ROLE", help="Who decided. May be repeated.")
@click.option("--reason", required=True, help="Why, in words; what it claims is held against the sources.")
@click.option("--until", metavar="DATE", help="The last day in force; an accepted risk needs one.")
@click.option(
    "--evidence",
    "claims",
    multiple=True,
    metavar="CLAIM",
    help="A claim that can be checked, or FILE:LINE; when it changes, the decision is void. May be repeated.",
)
@click.option("--environment", metavar="ENV", help="[default: the only one in which it is found]")
@click.option(
    "--project", "path", type=SomePath(path_type=Path), default=Path(), help="The project.  [default: this folder]"
)
@promotion_plan_option
@config_option
@cache_option
@setting_options
@as_of_option("Decided on this day, on what holds then.  [default: today]")
@click.option("--dry-run", is_flag=True, help="Show the entry and write nothing.")
@click.option("-y", "--yes", is_flag=True, help="Write without asking.")
def command(
    findings: tuple[str, ...],
    *,
    kind: str,
    roles: tuple[str, ...],
    reason: str,
    until: str | None,
    claims: tuple[str, ...],
    environment: str | None,
    path: Path,
    promotion_plan: Path | None,
    config_path: Path | None,
    settings: Settings,
    as_of: str | None,
    dry_run: bool,
    yes: bool,
) -> int:
    """Record a decision on each FINDING: a fingerprint or its first digits, a rule, RULE:SUBJECT, or RULE@DOCUMENT.

    RULE@DOCUMENT is all in which the plan, the schemas, the README or the script drifts under that rule, now and later;
    it needs evidence, because nothing else can make it void.

    The project is assessed first. What a source contradicts is refused, with the line that contradicts it, and so is a
    finding that has not failed. The entry is shown, then appended to the decision log; what stands there stays.

    \b
    Examples:
      readiness decide TBL001 --environment sit --as not-required --by "Tech Lead" --reason "three tables by design"
      readiness decide BKP001 --as accepted-risk --until 2026-03-31 --by DBA --reason "AWS Backup follows" --yes
      readiness decide NAM001:orders --as by-design --by Architect --reason "agreed" --evidence README.md:12
      readiness decide NAM001@plan --as by-design --by Architect --reason "agreed" --evidence "terraform tables = 3"
    """
    from bbws_readiness.cli.deciding import Way, record
    from bbws_readiness.config import load_config
    from bbws_readiness.decisions.entry import MAX_NAME, MAX_TEXT

    confine(path)
    moment = moment_of(as_of)
    for texts, longest in ((roles, MAX_NAME), ((reason, *claims), MAX_TEXT)):
        _require_texts(texts, longest)
    last_day = _last_day(kind, until, moment.date())
    config = load_config(path, path=config_path)
    assessment, choice = _found(findings, path, environment, moment, config, promotion_plan, settings)
    proposal = _proposal(assessment, choice, config, kind, roles, reason, claims, last_day)
    asks = not yes and sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
    record(path, config, proposal, Way.SHOW if dry_run else Way.ASK if asks else Way.WRITE)
    return 0


def _require_texts(texts: Sequence[str], longest: int) -> None:
    """Raises `UsageError` for a text that is empty, longer than a log may hold, or no text."""
    from bbws_readiness.decisions.entry import is_blank

    for text in texts:
        if is_blank(text):
            summary = "--by, --reason and --evidence must not be empty"
            raise UsageError(summary, hint="say who and why", code=Code.OPTION_VALUE)
        if len(text) > longest:
            summary = f"a text is longer than {longest} characters"
            raise UsageError(summary, hint="shorten it, or refer to a document", code=Code.OPTION_VALUE)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise UsageError("a text is not UTF-8", hint="write it in UTF-8", code=Code.OPTION_VALUE) from None


def _last_day(kind: str, until: str | None, today: date) -> date | None:
    from bbws_readiness.decisions.members import day

    if until is None:
        if kind == "accepted-risk":
            hint = "name the last day with --until 2026-03-31"
            raise UsageError("an accepted risk needs a last day", hint=hint, code=Code.OPTION_VALUE)
        return None
    found = day(until.strip())
    if found is None:
        raise UsageError(f'--until "{until}" is no day', hint="write it as 2026-03-31", code=Code.OPTION_VALUE)
    if found < today:
        raise UsageError(f"--until {found} is past", hint=f"name a day from {today} on", code=Code.OPTION_VALUE)
    return found


def _found(
    names: tuple[str, ...],
    path: Path,
    environment: str | None,
    moment: datetime,
    config: Config,
    plan: Path | None,
    settings: Settings,
) -> tuple[Assessment, Choice]:
    """The assessment in which the findings are, and what was chosen; raises `UsageError`."""
    from bbws_readiness.decisions.choice import NotFound, chosen
    from bbws_readiness.pipeline import assess_project
    from bbws_readiness.project import discover

    def assessed(name: str) -> Assessment:
        return assess_project(path, name, as_of=moment, config=config, plan=plan, settings=settings, outputs=OUTPUTS)

    if environment is not None:
        assessment = assessed(environment)
        return assessment, chosen(names, assessment.findings)
    found: list[tuple[Assessment, Choice]] = []
    faults: list[UsageError] = []
    for name in discover(path, config, plan=plan, outputs=OUTPUTS).environments:
        assessment = assessed(name)
        try:
            found.append((assessment, chosen(names, assessment.findings)))
        except UsageError as fault:
            faults.append(fault)
    if len(found) > 1:
        listed = ", ".join(one.environment for one, _ in found)
        summary = f"found in {len(found)} environments: {listed}"
        raise UsageError(summary, hint="choose one with --environment", code=Code.ENVIRONMENT)
    if not found:
        # What is wrong with a finding that is there says more than that another environment has none.
        raise next((fault for fault in faults if not isinstance(fault, NotFound)), None) or _none(faults)
    return found[0]


def _none(faults: list[UsageError]) -> UsageError:
    return faults[0] if faults else UsageError("the project names no environment", code=Code.ENVIRONMENT)


def _proposal(
    assessment: Assessment,
    choice: Choice,
    config: Config,
    kind: str,
    roles: tuple[str, ...],
    reason: str,
    claims: tuple[str, ...],
    until: date | None,
) -> Proposal:
    """What is to be recorded, held against the sources first."""
    from bbws_readiness.cli.deciding import examined, require_evidence, require_uncontradicted
    from bbws_readiness.decisions.append import Proposal
    from bbws_readiness.decisions.entry import DecisionKind

    require_evidence(choice, claims)
    evidence = examined(claims, assessment.model, config)
    require_uncontradicted(reason, choice.findings, evidence, assessment.model, config)
    return Proposal(
        kind=DecisionKind(kind),
        environment=assessment.environment,
        findings=choice.findings,
        by=tuple(dict.fromkeys(roles)),
        on=assessment.as_of.date(),
        until=until,
        reason=reason,
        evidence=evidence,
        drifts=choice.drifts,
    )
