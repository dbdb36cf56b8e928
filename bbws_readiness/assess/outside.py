"""Lists what the files cannot tell: facts of AWS and GitHub, and facts that the files leave open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bbws_readiness.assess.assessment import NotVerified
from bbws_readiness.assess.verified import verified
from bbws_readiness.assess.wording import NOT_STATED, fill
from bbws_readiness.config import Config
from bbws_readiness.engine.finding import Finding
from bbws_readiness.engine.run import Answer
from bbws_readiness.engine.shipped import OutsideCheck
from bbws_readiness.errors import Diagnostic
from bbws_readiness.fact import Fact
from bbws_readiness.model.model import Model
from bbws_readiness.source import SourceKind


def not_verified(
    model: Model,
    answers: Iterable[Answer],
    checks: Sequence[OutsideCheck],
    config: Config,
    values: Mapping[str, str],
) -> Iterator[NotVerified]:
    """What AWS and GitHub must tell in the order of the rulebook, then what the files should tell and do not:
    undetermined findings, inputs that could not be read, declared authorities that are not there."""
    known = {**_names(model), **values}
    answered = {fact.key for fact in verified(model)}
    for check in checks:
        if check.key not in answered and _arises(check.when, model):
            yield NotVerified(check.key, check.needs, _named(fill(check.text, known)), "", None, gating=False)
    explained: set[str] = set()
    for answer in answers:
        unknown = answer.unknowns
        if not unknown:
            continue
        # A finding that never keeps from READY does not stand for a file that must.
        gating = (finding for finding in unknown if finding.rule.gating and not finding.needs)
        explained.update(finding.at.path for finding in gating)
        for needs in dict.fromkeys(finding.needs for finding in unknown):
            yield _undetermined([finding for finding in unknown if finding.needs == needs])
    for kind, at in model.unread.items():
        if at.path not in explained:
            fault = _fault_at(model.diagnostics, at.path)
            text = f"{kind} could not be read"
            yield NotVerified(f"unread-{kind}", "", text, fault, at, gating=True)

    if model.configuration is None and SourceKind.TERRAFORM not in model.unread:
        reason = "no Terraform configuration was found"
        yield NotVerified("no-terraform", "", "what would be deployed", reason, None, gating=True)
    yield from _absent_authorities(model, config)


def _absent_authorities(model: Model, config: Config) -> Iterator[NotVerified]:
    """Who declares a source right promises that it is there; without it, deleting the plan would be a way to READY."""
    present = {
        SourceKind.PLAN: model.plan is not None,
        SourceKind.SCHEMAS: model.schemas is not None,
        SourceKind.README: model.readme is not None,
        SourceKind.SCRIPT: bool(model.scripts),
        SourceKind.WORKFLOWS: model.workflows is not None,
    }
    declared = dict.fromkeys(kind for kinds in config.authority.values() for kind in kinds)
    for kind in declared:
        if not present.get(kind, True) and kind not in model.unread:
            text = f"authority {kind}"
            reason = f"{kind} is declared as an authority, and the project has none"
            yield NotVerified(f"authority-{kind.value}", "", text, reason, config.at("authority"), gating=True)


def _names(model: Model) -> dict[str, str]:
    """What the texts about AWS and GitHub name, where the files tell it: bucket, lock table, gate, secret."""
    workflow = model.workflow
    if workflow is None:
        return {}
    facts: dict[str, Fact[str]] = {}
    for job in workflow.jobs:
        for step in job.steps:
            for command in step.terraform:
                for name, fact in command.backend.items():
                    facts.setdefault(BACKEND_NAMES.get(name, name), fact)
    gate = next((job.environment for job in workflow.jobs if job.environment), None)
    if gate:
        facts["gate"] = gate
    if workflow.role_secret:
        facts["secret"] = facts["role"] = workflow.role_secret
    return {name: fact.value for name, fact in facts.items() if isinstance(fact.value, str)}


def _named(text: str) -> str:
    """A filled text without the names that no file gives: it is about the thing then, whatever it is called."""
    return text.replace(f" ({NOT_STATED})", "").replace(f" {NOT_STATED}", "")


BACKEND_NAMES = {"dynamodb_table": "lock_table"}
"""Backend settings whose placeholder has another name."""


def _undetermined(findings: Sequence[Finding]) -> NotVerified:
    """One rule's unknown subjects together; the first one's message and place stand for all."""
    first = findings[0]
    others = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return NotVerified(
        key=f"{first.rule.slug}-{first.fingerprint}",
        needs=first.needs,
        text=f"{first.rule.code} {first.rule.slug}",
        reason=first.message + others,
        at=first.at,
        gating=first.rule.gating and not first.needs,
    )


def _fault_at(diagnostics: Iterable[Diagnostic], path: str) -> str:
    return next((fault.summary for fault in diagnostics if fault.at.path == path), "it could not be read")


def _arises(when: str, model: Model) -> bool:
    workflow = model.workflow
    match when:
        case "workflow":
            return workflow is not None
        case "gate":
            return bool(workflow and any(job.environment for job in workflow.jobs))
        case "secret":
            # A role that the workflow names itself is no secret.
            named = (workflow.role_secret.or_none() or "") if workflow and workflow.role_secret else "arn:"
            return not named.startswith("arn:")
        case "backend":
            return bool(model.configuration and model.configuration.backend)
        case "backup":
            return bool(model.backup.plans or model.backup.vaults or (model.plan and model.plan.backup_asked_at))
        case "tables":
            return bool(model.terraform_tables)
        case "terraform":
            return model.configuration is not None
        case _:
            return True
