"""A readiness.yaml to begin with: what was found in the project, as comments that become settings when uncommented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.config import AUTHORITIES
from bbws_readiness.fact import Fact
from bbws_readiness.render.encode.yaml import remark, scalar
from bbws_readiness.source import SourceKind

SETTING = "# "
"""Before a line that becomes a setting when this is taken away."""
NOTE = "## "
"""Before a line that stays a comment."""

SCHEMA_FILE = "readiness-schema.json"
"""Beside the configuration, for editors. `readiness.schema.json` would be taken for the schema of a table."""


def starter_configuration(assessments: Sequence[Assessment], *, with_schema: bool = True) -> str:
    """The file's text. `assessments` are of one project, one per environment in the order of promotion, at least one.

    Only the title is set: a value that somebody has not confirmed must not become the truth by which others are judged.
    """
    return "\n".join([*_head(assessments[0], with_schema=with_schema), *_body(assessments)]) + "\n"


def _head(assessment: Assessment, *, with_schema: bool) -> Iterator[str]:
    if with_schema:
        yield f"# yaml-language-server: $schema={SCHEMA_FILE}"
        yield "## Editors check and complete this file by the line above, without network. To make the schema anew:"
        yield f"## readiness config schema > {SCHEMA_FILE}"
    yield "## What your organisation says about this project. Every key is optional: take the `# ` away from what you"
    yield "## confirm, and leave the rest. `readiness config schema` describes all keys; `readiness config show` tells"
    yield "## which values are in force and where each comes from."
    yield ""
    yield f"title: {scalar(assessment.title)}"


def _body(assessments: Sequence[Assessment]) -> Iterator[str]:
    first = assessments[0]
    yield from _setting(f"slug: {scalar(first.slug)}")
    yield from _authority(first)
    yield from _environments(assessments)
    yield from _sources(first)
    yield from _people(assessments)
    yield from _calendar(first)
    yield from _prices([one.environment for one in assessments])


def _note(*lines: str) -> Iterator[str]:
    yield ""
    yield from (f"{NOTE}{remark(line)}" for line in lines)


def _setting(*lines: str) -> Iterator[str]:
    yield from (f"{SETTING}{line}" for line in lines)


def _authority(assessment: Assessment) -> Iterator[str]:
    kinds = {one.kind for one in assessment.inputs}
    found = [kind for kind in AUTHORITIES if kind in kinds]
    yield from _note(
        "Who is right when sources disagree? Until somebody says so, every disagreement is a decision to be taken.",
        f"Found here: {', '.join(str(kind) for kind in found) or 'no source'}.",
        "The first of the list that speaks of a thing decides about it.",
    )
    usual = [kind for kind in (SourceKind.TERRAFORM, SourceKind.PLAN) if kind in found]
    words = ", ".join(kind.value for kind in usual or found[:1] or [SourceKind.TERRAFORM])
    yield from _setting("authority:", f"  default: [{words}]")


def _environments(assessments: Sequence[Assessment]) -> Iterator[str]:
    yield from _note("Account and region of each environment, as its own files give them.")
    yield from _setting("environments:")
    for one in assessments:
        values = {"account": one.account, "region": one.region}
        known = {name: fact for name, fact in values.items() if fact is not None and fact.or_none() is not None}
        pairs = [f"{name}: {_quoted(str(fact.or_none()))}" for name, fact in known.items()]
        if not pairs:
            yield from _setting(f"  {scalar(one.environment)}: {{}}")
            continue
        where = "; ".join(f"{name}: {_place(fact)}" for name, fact in known.items())
        yield from _setting(f"  {scalar(one.environment)}: {{{', '.join(pairs)}}}  # {remark(where)}")


def _quoted(text: str) -> str:
    return f'"{text}"' if text.isdigit() else scalar(text)


def _place(fact: Fact[str]) -> str:
    return str(fact.at)


def _sources(assessment: Assessment) -> Iterator[str]:
    model = assessment.model
    lines = []
    if model.layout and model.layout.root is not None:
        lines.append(f"  terraform: {scalar(model.layout.root or '.')}")
    if model.plan is not None and not model.plan.at.path.startswith("../"):
        lines.append(f"  plan: {scalar(model.plan.at.path)}")
    if lines:
        yield from _note("Where inputs lie. They were found so; say it when discovery should not look again.")
        yield from _setting("sources:", *lines)


def _people(assessments: Sequence[Assessment]) -> Iterator[str]:
    roles = dict.fromkeys(role for one in assessments for action in one.actions for role in action.owners)
    approvers = dict.fromkeys(one.role for assessment in assessments for one in assessment.approvers)
    if names := list(dict.fromkeys([*roles, *approvers])):
        yield from _note("How each role is reached. A team's address outlives people.")
        yield from _setting("contacts:", *(f"  {scalar(name)}: {{contact: TBD}}" for name in names))


def _calendar(assessment: Assessment) -> Iterator[str]:
    calendar = assessment.config.calendar
    yield from _note("When people work; ready dates are computed with it.")
    yield from _setting(
        "calendar:",
        "  working-days: [monday, tuesday, wednesday, thursday, friday]",
        f"  hours: {calendar.start:%H:%M}-{calendar.end:%H:%M}",
        "  holidays: []",
    )


def _prices(environments: Sequence[str]) -> Iterator[str]:
    yield from _note("Monthly prices, from the low to the high estimate; without them no cost is told.")
    yield from _setting("prices:", "  currency: USD", "  environments:")
    for name in environments:
        yield from _setting(f"    {scalar(name)}:", "      - {item: Tables, quantity-of: tables, from: 0, to: 0}")
