"""Lays a parsed plan out as plain data, each statement with its line, so that a case can hold it as YAML."""

from collections.abc import Iterable, Mapping
from typing import Any

from bbws_readiness.errors import Diagnostic
from bbws_readiness.fact import Fact
from bbws_readiness.model.plans import Command, Moment, Plan, Threshold
from bbws_readiness.model.tables import Table

Data = dict[str, Any]


def facts_of(plan: Plan, diagnostics: Iterable[Diagnostic]) -> Data:
    """Everything but what is empty; `gaps` are the diagnostics with their lines."""
    found: Data = {
        "header": _header(plan),
        "overview": [_overview(entry) for entry in plan.overview.values()],
        "environments": [_environment(one) for one in plan.environments],
        "dates": {name: _dates(dates) for name, dates in plan.dates.items()},
        "weeks": [f"{week.at.line}: {week.title} ({_moment(week.moment)})" for week in plan.weeks],
        "tables": [_table(table) for table in plan.tables],
        "consumed-tables": [_table(table) for table in plan.consumed_tables],
        "named-tables": _facts(plan.named_tables),
        "resources": [_resource(one) for one in plan.resources],
        "components": [
            _filled(
                at=one.at.line,
                label=one.label,
                name=one.name and one.name.get(),
                remark=one.remark,
                parts=[part.get() for part in one.parts],
            )
            for one in plan.components
        ],
        "files": [
            f"{one.stated.at.line}: {one.title} {one.stated.get()}, {_names(one.names)}" for one in plan.file_groups
        ],
        "workflows": _facts((*plan.workflows, *plan.named_workflows)),
        "counts": [f"{one.number.at.line}: {one.number.get()} {one.noun} {one.scope}".strip() for one in plan.counts],
        "backup": {name: _terms(terms) for name, terms in plan.backup.items()},
        "backup-asks": {name: at.line for name, at in plan.backup_asks.items()},
        "backup-vault": _fact(plan.backup_vault),
        "requirements": [
            f"{one.at.line}: {one.flag} {'demanded' if one.demanded else 'optional'}" for one in plan.requirements
        ],
        "dependencies": _facts(plan.dependencies),
        "critical-dependencies": _facts(plan.critical_dependencies),
        "external-needs": _facts(plan.external_needs),
        "blocks": [f"{one.at.line}: {one.name} ({one.remark})" for one in plan.blocks],
        "labelled": [f"{one.value.at.line}: {one.label} = {one.value.get()} ({one.remark})" for one in plan.labelled],
        "steps": [_step(step) for step in plan.steps],
        "commands": [data for command in plan.commands if (data := _command(command))],
        "validations": {name: [at.line for at in places] for name, places in plan.validations.items()},
        "rollback": {name: list(lines) for name, lines in plan.rollback.items()},
        "success": [_filled(at=one.at.line, text=one.text, limit=_limit(one.threshold)) for one in plan.success],
        "sign-off": _facts(plan.sign_off_roles),
        "alarms": [_alarm(alarm) for alarm in plan.alarm_rows],
        "dashboards": _facts((*plan.dashboards, *plan.widgets)),
        "contacts": [
            f"{one.at.line}: {one.role}, {one.contact.get() if one.contact else 'nobody'}, {one.responsibility}"
            for one in plan.contacts
        ],
        "changes": [
            f"{day.at.line}: {day.get()} {phase}, {status}, {note}".rstrip(", ")
            for (day, phase, status), note in zip(plan.change_log, plan.change_notes, strict=True)
        ],
        "notes": _facts((*plan.notes, *plan.next_steps, *plan.criticals)),
        "boxes": {"ticked": plan.ticked, "open": plan.open_boxes},
        "gaps": [f"{one.at.line}: {one.summary}" for one in diagnostics],
    }
    return {key: value for key, value in found.items() if value}


def _header(plan: Plan) -> Data:
    facts: Mapping[str, Fact[Any] | None] = {
        "project": plan.project,
        "plan-id": plan.plan_id,
        "created": plan.created,
        "owner": plan.owner,
        "status": plan.status,
        "footer-status": plan.footer_status,
        "wave": plan.wave,
    }
    found: Data = {name: _fact(fact) for name, fact in facts.items() if fact}
    return {"short-name": plan.short_name, **found, "approvers": _facts(plan.approvers)}


def _overview(entry: Any) -> Data:
    return _filled(
        at=entry.text.at.line,
        row=entry.key,
        count=entry.count,
        names=list(entry.names),
        open=entry.open_list,
        percent=entry.percent,
        remark=entry.remark,
    )


def _environment(one: Any) -> str:
    told = [str(fact.get()) if fact else "none" for fact in (one.account, one.region, one.domain, one.status)]
    return f"{one.at.line}: {one.name}, {', '.join(told)} ({one.region_role})"


def _dates(dates: Any) -> Data:
    parts = ("preparation", "deployment", "validation", "sign_off", "disaster_recovery", "period", "final_sign_off")
    return {
        part: f"{moment.at.line}: {_moment(moment)}" for part in parts if (moment := getattr(dates, part)) is not None
    }


def _moment(moment: Moment | None) -> str:
    if moment is None:
        return "none"
    days = f"{moment.start}" + (f" to {moment.end}" if moment.end != moment.start else "")
    times = [f"{one:%H:%M}" for one in (moment.start_time, moment.end_time) if one]
    return " ".join([days, *times])


def _table(table: Table) -> Data:
    indexes = table.indexes
    return _filled(
        at=table.at.line,
        name=table.name,
        full=table.full_name.get(),
        indexes=None if indexes is None else [index.name.or_none() or "unknown" for index in indexes] or "none",
        count=table.index_count and table.index_count.get(),
    )


def _resource(one: Any) -> Data:
    return _filled(
        at=one.name.at.line,
        kind=one.kind,
        name=one.name.get(),
        environment=one.environment,
        remark=one.remark,
        consumed=one.consumed,
        open=one.open_list,
    )


def _terms(terms: Any) -> str:
    told = (terms.frequency, terms.retention_days, terms.cross_region)
    return ", ".join(_fact(fact) if fact else "none" for fact in told)


def _step(step: Any) -> Data:
    return _filled(
        at=step.at.line,
        number=step.number,
        title=step.title,
        environment=step.environment,
        approvers=[role.get() for role in step.approvers],
        reviewers=[role.get() for role in step.reviewers],
        prose=list(step.prose),
        comments=[text.get() for text in step.comments],
    )


def _command(command: Command) -> Data:
    """What the words of a command tell; nothing for one that tells nothing but its words."""
    terraform, table, starts = command.terraform, command.table, command.starts
    told = _filled(
        terraform=terraform
        and _filled(
            verb=terraform.verb,
            directory=command.directory if command.directory_known else "unknown",
            selects=terraform.workspace and terraform.workspace.get(),
            workspace=command.workspace,
            backend={key: value.get() for key, value in terraform.backend.items()},
            variables=[name.get() for name in terraform.variables],
            targets=[name.get() for name in terraform.targets],
            plan_file=terraform.plan_file and terraform.plan_file.get(),
        ),
        table=table
        and _filled(
            tables=[name.get() for name in table.tables] or "unknown",
            index=table.index and table.index.get(),
            key=list(table.key),
            item=list(table.item),
            queried=list(table.queried),
            partly=table.partly,
        ),
        starts=starts
        and _filled(workflow=starts.name.get(), ref=starts.ref, inputs=[one.get() for one in starts.inputs]),
        buckets=[name.get() for name in command.buckets],
        files=[name.get() for name in command.files],
        scripts=[name.get() for name in command.scripts],
        changes=command.changes,
        platform=command.platform,
        account=command.account and command.account.get(),
    )
    return {"at": command.at.line, "environment": command.environment, **told} if told else {}


def _alarm(alarm: Any) -> Data:
    return _filled(
        at=alarm.name.at.line,
        name=alarm.name.get(),
        limit=_limit(alarm.threshold),
        receiver=alarm.receiver and alarm.receiver.get(),
        critical=alarm.critical,
        more=list(alarm.more),
    )


def _limit(limit: Threshold | None) -> str:
    return " | ".join((limit.measure, limit.comparator, limit.value, limit.unit)) if limit else ""


def _fact(fact: Fact[Any] | None) -> str:
    return f"{fact.at.line}: {fact.get()}" if fact else ""


def _facts(facts: Iterable[Fact[str]]) -> list[str]:
    return [_fact(fact) for fact in facts]


def _names(facts: Iterable[Fact[str]]) -> str:
    return " ".join(fact.get() for fact in facts) or "none"


def _filled(**values: Any) -> Data:
    return {name: value for name, value in values.items() if value not in (None, "", [], {}, False)}


def items_of(plan: Plan) -> list[str]:
    """Every entry with a box: `12: sit, Code Preparation: the text`, with `!` where it is critical."""
    return [
        " ".join(
            [
                f"{item.at.line}: {section.environment or 'any'}, {section.title}:",
                *(["!"] if item.critical else []),
                item.text,
                *(f"[{code}]" for code in (*item.codes, *item.numbers)),
            ]
        )
        for section in plan.checklists
        for item in section.items
    ]
