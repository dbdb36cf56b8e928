"""The assessment as JSON, in the shape that `assessment.schema.json` publishes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from sys import intern
from typing import Any, TypeVar

from bbws_readiness.assess.answered import AnsweredSection
from bbws_readiness.assess.assessment import (
    Action,
    Assessment,
    Decision,
    Issue,
    NotVerified,
    Schedule,
)
from bbws_readiness.assess.sources import spoken_facts
from bbws_readiness.config import Config, Policy
from bbws_readiness.disclosure import any_secret, disclosed
from bbws_readiness.engine.finding import Finding, Side, Vote
from bbws_readiness.engine.rule import Option
from bbws_readiness.errors import Diagnostic
from bbws_readiness.render.encode import json
from bbws_readiness.render.encode.contents import Contents, contents_of
from bbws_readiness.render.file_names import JSON_PATTERN
from bbws_readiness.render.frame import LongDocument
from bbws_readiness.render.machine_baseline import baseline_data
from bbws_readiness.render.machine_decisions import decided_data
from bbws_readiness.render.machine_figures import cost_data, coverage_data, score_data
from bbws_readiness.render.machine_layout import roots
from bbws_readiness.render.machine_outlook import calendar_data, milestone_data, risks_data, spoken_data
from bbws_readiness.render.machine_resources import fact_data, resources_data
from bbws_readiness.render.machine_waivers import waiver_data
from bbws_readiness.source import Location

FORMAT = "bbws-readiness-assessment/1"
"""Changes when a reader of the old shape could misread the new one."""


T = TypeVar("T")

MOST_SILENT = 24
"""Places of a source that says no; its words tell how many more there are."""


def to_json(assessment: Assessment, *, published: Mapping[str, Any] | None = None) -> str:
    """The document's text: two-space indent, keys in a fixed order, nothing invisible, with a final newline.

    `published` is what only the file in the output directory has besides.
    """
    return "".join(_pieces(_data(assessment), published))


def _pieces(data: Mapping[str, Any], published: Mapping[str, Any] | None) -> Iterator[str]:
    """The text, which is made as it is asked for."""
    also = {"published": published} if published is not None else {}
    yield from json.pieces({**data, **also}, seen=_shown)
    yield "\n"


def disclosed_data(assessment: Assessment) -> dict[str, Any]:
    """`to_data` as it is published, and nothing more."""
    data: dict[str, Any] = without_secrets(to_data(assessment))
    return data


def without_secrets(data: Any) -> Any:  # noqa: ANN401 - plain data of any shape
    """`data` with everything withheld in its texts that looks like a secret; nearly always the data themselves."""
    return _shown(data, contents_of(data))


def _shown(data: Any, contents: Contents) -> Any:  # noqa: ANN401 - plain data of any shape
    return _withheld(data) if any_secret(contents.texts) else data


def _withheld(data: Any) -> Any:  # noqa: ANN401 - plain data of any shape
    if isinstance(data, str):
        return disclosed(data)
    if isinstance(data, dict):
        return {key: _withheld(part) for key, part in data.items()}
    if isinstance(data, list | tuple):
        return [_withheld(part) for part in data]
    return data


def assessment_document(
    assessment: Assessment, *, data: Mapping[str, Any] | None = None, published: Mapping[str, Any] | None = None
) -> LongDocument:
    """The JSON as a file of the set, made as it is written; `data` is its `disclosed_data`, if made already."""
    name = JSON_PATTERN.format(environment=assessment.environment, slug=assessment.slug)
    return LongDocument(name, lambda: _pieces(_data(assessment) if data is None else data, published))


def to_data(assessment: Assessment) -> dict[str, Any]:
    """Plain data of the whole assessment; places are `path:line` texts, moments ISO 8601 without a zone."""
    data: dict[str, Any] = json.whole(_data(assessment))
    return data


def _data(assessment: Assessment) -> dict[str, Any]:
    """Findings and sources of a thousand tables are more data than all else: they are made as they are written."""
    repository = assessment.model.repository
    return {
        "format": FORMAT,
        "tool": {
            "name": "bbws-readiness",
            "version": assessment.tool_version,
            "rulebook": assessment.rulebook,
        },
        "project": {
            "name": assessment.project,
            "slug": assessment.slug,
            "component": assessment.component,
            "title": assessment.title,
            "roots": roots(assessment.model.layout),
        },
        "environment": {
            "name": assessment.environment,
            "account": fact_data(assessment.account),
            "region": fact_data(assessment.region),
        },
        "as_of": assessment.as_of.isoformat(),
        "commit": repository.commit.or_none() if repository else None,
        **_policy(assessment.config.policy),
        "verdict": assessment.verdict.value,
        "reason": assessment.reason,
        "score": score_data(assessment.score),
        "coverage": coverage_data(assessment.coverage),
        "authority": {
            facet: [kind.value for kind in kinds] for facet, kinds in sorted(assessment.config.authority.items())
        },
        **_switched_off(assessment.config),
        "issues": [_issue(assessment, issue) for issue in assessment.issues],
        "decisions": [_decision(assessment, decision) for decision in assessment.decisions],
        "actions": [_action(assessment, action) for action in assessment.actions],
        "schedule": _schedule(assessment.schedule)
        | {"calendar": calendar_data(assessment.config.calendar, assessment.environment)},
        "risks": risks_data(assessment),
        "sources": _rows(spoken_facts(assessment.findings, assessment.config), spoken_data),
        "cost": cost_data(assessment.cost),
        "approvers": [
            {"role": one.role, "approves": one.approves or None, "at": str(one.at)} for one in assessment.approvers
        ],
        "contacts": _contacts(assessment),
        "downstream": _downstream(assessment),
        "resources": resources_data(assessment),
        "findings": _rows(assessment.findings, finding_data),
        "not_verified": [_not_verified(fact) for fact in assessment.not_verified],
        "checklist": [_checklist(answered) for answered in assessment.checklist],
        "decided": decided_data(assessment.decided),
        "waivers": [waiver_data(waiver) for waiver in assessment.waivers.listed],
        "waivers_more": assessment.waivers.more,
        "verified": [
            {"key": fact.key, "needs": fact.needs, "text": fact.text, "at": str(fact.at)}
            for fact in assessment.verified
        ],
        "inputs": [
            {"path": one.path, "kind": one.kind.value, "size": one.size, "lines": one.lines, "sha256": one.sha256}
            for one in assessment.inputs
        ],
        "diagnostics": [diagnostic_data(fault) for fault in assessment.diagnostics],
        **baseline_data(assessment.baseline),
    }


def _rows(items: Sequence[T], data_of: Callable[[T], dict[str, Any]]) -> json.Rows:
    return json.Rows(items, lambda some: [data_of(one) for one in some])


def _contacts(assessment: Assessment) -> list[dict[str, Any]]:
    return [
        {
            "role": one.role,
            "contact": fact_data(one.contact),
            "responsibility": one.responsibility or None,
            "open_actions": list(one.open_actions),
        }
        for one in assessment.contacts
    ]


def _downstream(assessment: Assessment) -> list[dict[str, Any]]:
    return [
        {
            "project": one.name,
            "remark": one.remark or None,
            "needs": one.needs or None,
            "defined_here": one.defined_here,
            "at": str(one.at),
        }
        for one in assessment.downstream
    ]


def _switched_off(config: Config) -> dict[str, Any]:
    """The rules that the configuration left out; no key at all when there are none."""
    rules = [{"rule": name, "at": str(at)} for name, at in config.switched_off]
    return {"switched_off": rules} if rules else {}


def _policy(policy: Policy | None) -> dict[str, Any]:
    """The base whose policy holds; no key at all when the policy is that of the checkout."""
    if policy is None:
        return {}
    changes = [
        {"key": one.key or None, "change": one.change, "file": one.at.path, "at": str(one.at)} for one in policy.changes
    ]
    return {
        "policy": {"ref": policy.ref, "commit": policy.commit, "files": list(policy.files), "changes": changes},
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="minutes") if moment else None


def _places(places: tuple[Location, ...]) -> list[str]:
    return [intern(str(place)) for place in places]


def _vote(vote: Vote) -> dict[str, Any]:
    return {"sources": [source.value for source in vote.sources], "says": vote.text, "at": _places(vote.at)}


def _side(side: Side) -> dict[str, Any]:
    # Whoever does not list a table points at all that it lists: once for each missing one would be their square.
    at = side.at[:MOST_SILENT] if side.says is False else side.at
    return {"source": side.source.value, "says": side.text, "at": _places(at)}


def _issue(assessment: Assessment, issue: Issue) -> dict[str, Any]:
    return {
        "rule": issue.rule.code,
        "slug": issue.rule.slug,
        "title": issue.title,
        "severity": issue.severity.value,
        "standing": issue.standing.value,
        "subjects": list(issue.subjects),
        "owners": list(assessment.action(issue.action).owners),
        "minutes": assessment.action(issue.action).minutes,
        "action": assessment.action(issue.action).number,
        "at": str(issue.at),
        "findings": [finding.fingerprint for finding in issue.findings],
        "evidence": [finding.fingerprint for finding in issue.evidence],
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        "key": option.key,
        "title": option.title,
        "changes": option.changes,
        "pro": option.pro or None,
        "con": option.con or None,
        "minutes": option.minutes,
        "irreversible": option.irreversible or None,
    }


def _decision(assessment: Assessment, decision: Decision) -> dict[str, Any]:
    return {
        "key": decision.key,
        "question": decision.question,
        "rules": [rule.code for rule in decision.rules],
        "votes": [_vote(vote) for vote in decision.votes],
        "options": [_option(option) for option in decision.options],
        "owners": list(decision.owners),
        "minutes": decision.minutes,
        "action": assessment.action(decision.key).number,
        "findings": [finding.fingerprint for finding in decision.findings],
    }


def _action(assessment: Assessment, action: Action) -> dict[str, Any]:
    slot = assessment.schedule.slots[action.key]
    return {
        "number": action.number,
        "key": action.key,
        "title": action.title,
        "priority": action.priority.value,
        "owners": list(action.owners),
        "minutes": action.minutes,
        "phase": action.phase,
        "after": [assessment.action(one.action).number for one in action.after if one.action],
        "external": [one.external for one in action.after if one.external],
        "closes": list(action.closes),
        "tasks": [{"key": f"{action.key}/{task.key}", "text": task.text} for task in action.tasks],
        "start": _moment(slot.start),
        "end": _moment(slot.end),
        "slack_minutes": slot.slack_minutes,
    }


def _schedule(schedule: Schedule) -> dict[str, Any]:
    planned = schedule.planned
    return {
        "start": _moment(schedule.start),
        "default_calendar": schedule.default_calendar,
        "effort_minutes": schedule.effort_minutes,
        "ready": {
            "minutes": schedule.ready_minutes,
            "chain": list(schedule.ready_chain),
            "at": _moment(schedule.ready_at),
        },
        "all": {
            "minutes": schedule.all_minutes,
            "chain": list(schedule.all_chain),
            "at": _moment(schedule.all_done_at),
        },
        "planned": {
            "at": _moment(planned.moment.begins()) if planned.moment else None,
            "place": str(planned.moment.at) if planned.moment else None,
            "kept": planned.kept,
            "slack_days": planned.slack_days,
            "delay_days": planned.delay_days,
            "earliest": _moment(planned.earliest),
            "milestones": [milestone_data(milestone) for milestone in planned.milestones],
        },
    }


def finding_data(finding: Finding) -> dict[str, Any]:
    """Everything about a finding as plain data; places are `path:line` texts."""
    return {
        "fingerprint": finding.fingerprint,
        "rule": finding.rule.code,
        "slug": finding.rule.slug,
        "status": finding.status.value,
        "standing": finding.standing.value if finding.standing else None,
        "severity": finding.severity.value if finding.severity else None,
        "facet": finding.facet,
        "subject": finding.subject,
        "message": finding.message,
        "expected": finding.expected or None,
        "actual": finding.actual or None,
        "document": finding.document.value if finding.document else None,
        "authority": finding.authority.value if finding.authority else None,
        "needs": finding.needs or None,
        "explained_by": finding.explained_by or None,
        "settled_by": finding.settled_by or None,
        "at": intern(str(finding.at)),
        "related": [{"at": intern(str(one.at)), "text": one.text} for one in finding.related],
        "sides": [_side(side) for side in finding.sides],
    }


def _checklist(answered: AnsweredSection) -> dict[str, Any]:
    return {
        "section": answered.section.title,
        "at": str(answered.section.at),
        "items": [
            {
                "text": one.item.text,
                "at": str(one.item.at),
                "ticked": one.item.ticked,
                "critical": one.item.critical,
                "status": one.status.value,
                "needs": one.needs or None,
                "takes": one.takes or None,
                "only_in": one.only_in or None,
                "findings": [finding.fingerprint for finding in one.findings],
            }
            for one in answered.items
        ],
    }


def _not_verified(fact: NotVerified) -> dict[str, Any]:
    return {
        "key": fact.key,
        "needs": fact.needs or None,
        "text": fact.text,
        "reason": fact.reason or None,
        "gating": fact.gating,
        "at": str(fact.at) if fact.at else None,
    }


def diagnostic_data(fault: Diagnostic) -> dict[str, Any]:
    """A fault as one object."""
    return {
        "severity": fault.severity.value,
        "code": fault.code.code,
        "summary": fault.summary,
        "detail": fault.detail or None,
        "at": str(fault.at),
        "column": fault.at.column if fault.at.line else None,
    }
