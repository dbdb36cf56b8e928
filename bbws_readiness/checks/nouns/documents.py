"""The promotion plan, README, scripts, files, git and a handed-in plan as nouns."""

from __future__ import annotations

from collections.abc import Iterator

from bbws_readiness.checks.nouns.noun import Field, Noun, Subject, facts
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.plans import Plan
from bbws_readiness.source import Location, SourceKind


def _plan(model: Model) -> Iterator[Subject]:
    if model.plan:
        yield Subject("plan", model.plan.at, (model.plan, model.environment))


def _contacts(model: Model) -> Iterator[Subject]:
    return (Subject(one.role, one.at, one) for one in (model.plan.contacts if model.plan else ()))


def _scripts(model: Model) -> Iterator[Subject]:
    return (Subject(one.path, one.at, one) for one in model.scripts)


def _readme(model: Model) -> Iterator[Subject]:
    if model.readme:
        yield Subject(model.readme.path, model.readme.at, model.readme)


def _files(model: Model) -> Iterator[Subject]:
    return (Subject(path, Location(path, 0), path) for path in model.files)


def _repository(model: Model) -> Iterator[Subject]:
    if model.repository:
        yield Subject("repository", model.repository.commit.at, model.repository)


def _changes(model: Model) -> Iterator[Subject]:
    return (Subject(one.address, one.at, one) for one in (model.plan_output.changes if model.plan_output else ()))


def _unread_plan(model: Model) -> Undetermined | None:
    if SourceKind.PLAN in model.unread:
        return Undetermined("the promotion plan could not be read", model.unread[SourceKind.PLAN])
    return None


def _deployment(pair: tuple[Plan, str]) -> Fact[str] | None:
    dates = pair[0].dates.get(pair[1])
    moment = dates.deployment if dates else None
    return Fact(moment.start.isoformat(), moment.at) if moment else None


def _created(pair: tuple[Plan, str]) -> Fact[str] | None:
    return pair[0].created.map(lambda day: day.isoformat()) if pair[0].created else None


NOUNS = (
    Noun(
        "plan",
        "The promotion plan.",
        {
            "title": Field("text", "Its title.", lambda pair: pair[0].title or None),
            "project": Field("text", "The project it names.", lambda pair: pair[0].project),
            "plan_id": Field("text", "Its number.", lambda pair: pair[0].plan_id),
            "created": Field("text", "The day it was written, as 2026-01-31.", _created),
            "owner": Field("text", "Who owns it.", lambda pair: pair[0].owner),
            "status": Field("text", "Its status.", lambda pair: pair[0].status),
            "wave": Field("text", "Its wave.", lambda pair: pair[0].wave),
            "deployment": Field("text", "The planned day in this environment, as 2026-01-31.", _deployment),
            "dependencies": Field("list", "The projects it waits for.", lambda pair: facts(pair[0].dependencies)),
            "workflows": Field("list", "The workflows it names.", lambda pair: facts(pair[0].workflows)),
            "approvers": Field("list", "Who approves it.", lambda pair: facts(pair[0].approvers)),
            "dashboards": Field("list", "The dashboards it names.", lambda pair: facts(pair[0].dashboards)),
            "alarms": Field("list", "The alarms it names.", lambda pair: facts(pair[0].alarms)),
        },
        _plan,
        _unread_plan,
    ),
    Noun(
        "contact",
        "A contact of the promotion plan.",
        {
            "role": Field("text", "The role.", lambda one: one.role),
            "contact": Field("text", "Its name or address.", lambda one: one.contact),
            "responsibility": Field("text", "What it is asked for.", lambda one: one.responsibility or None),
        },
        _contacts,
        _unread_plan,
    ),
    Noun(
        "script",
        "A validation script.",
        {
            "path": Field("text", "Its file.", lambda one: one.path),
            "environment": Field("text", "The environment it checks.", lambda one: one.environment),
            "account": Field("text", "The account it expects.", lambda one: one.account),
            "region": Field("text", "The region it expects.", lambda one: one.region),
            "verifies": Field("list", "What it looks at: `keys`, `indexes`, `tags`.", lambda one: facts(one.verifies)),
            "required_tags": Field("list", "The tags it asks for.", lambda one: facts(one.required_tags)),
        },
        _scripts,
    ),
    Noun(
        "readme",
        "The README.",
        {
            "path": Field("text", "Its file.", lambda one: one.path),
            "title": Field("text", "Its title.", lambda one: one.title or None),
            "features": Field("list", "What it claims of every table.", lambda one: facts(one.features)),
        },
        _readme,
    ),
    Noun(
        "file",
        "Any file of the project.",
        {
            "path": Field("text", "Its path from the project folder.", lambda path: path),
            "folder": Field("text", "Its folder; empty at the top.", lambda path: path.rpartition("/")[0]),
            "name": Field("text", "Its name.", lambda path: path.rpartition("/")[2]),
        },
        _files,
    ),
    Noun(
        "repository",
        "What git says about the checkout.",
        {
            "branch": Field("text", "The branch that is checked out.", lambda one: one.branch),
            "remote": Field("text", "The address of `origin`.", lambda one: one.remote),
            "tags": Field("list", "The tags on the commit.", lambda one: one.tags),
            "changed_files": Field("list", "What differs from the commit.", lambda one: one.changed_files),
        },
        _repository,
    ),
    Noun(
        "change",
        "A change that a plan given with --plan-json would make.",
        {
            "address": Field("text", "The address of the resource.", lambda one: one.address),
            "type": Field("text", "Its type.", lambda one: one.type),
            "effect": Field("text", "`create`, `update`, `replace`, `destroy`.", lambda one: one.effect.value),
            "forced_by": Field("list", "The arguments that force a replacement.", lambda one: tuple(one.forced_by)),
        },
        _changes,
    ),
)
