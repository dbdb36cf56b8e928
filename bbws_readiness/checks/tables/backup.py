"""Whether tables are backed up where that is asked for, and on which terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bbws_readiness.checks.statements import Opinion, Statement, compare, contrast, votes
from bbws_readiness.checks.tables.declared import Declared, declared_tables
from bbws_readiness.checks.unknown import NO_TERRAFORM, nothing_said, undetermined
from bbws_readiness.checks.wording import NAMES, amount, joined, places, related, sources_in_words
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Side
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import TABLE_SOURCES, Model
from bbws_readiness.model.tables import BackupTerms, Table
from bbws_readiness.source import Location, SourceKind


def backups_declared(question: Question) -> CheckResult:
    """BKP001: where documents ask for backups, vault, plan and a selection of every table are declared."""
    model = question.model
    declared = declared_tables(model)
    if declared is None:
        return question.not_applicable(NO_TERRAFORM)
    asking = _asking(model)
    if not asking:
        documents = [SourceKind.PLAN, SourceKind.SCHEMAS, SourceKind.README]
        return nothing_said(question, documents, "no plan, schema or README asks for backups")
    lacking = _lacking(model)
    if lacking:
        observations = [_absent(declared, asking, lacking)]
    else:
        observations = [_complete(model)]
        observations += [_covered(model, declared, table, asking) for table in declared.tables.values()]
    missed = [seen.subject for seen in observations if seen.outcome is Outcome.FAIL and seen.subject != "project"]
    state = f"no backup {joined(lacking, last='or')}" if lacking else f"not backed up: {', '.join(missed) or 'none'}"
    none = Opinion(SourceKind.TERRAFORM, state, state, _unbacked(declared).at[0])
    opinions = [Opinion(side.source, side.text, side.text, side.at[0]) for side in asking]
    return CheckResult(tuple(observations), votes([*opinions, none]), _summary(question, state))


def backup_terms(question: Question) -> CheckResult:
    """BKP002: frequency, retention and cross-region copy agree between plan, schemas and Terraform."""
    model = question.model
    if model.terraform_tables is None:
        return question.not_applicable(NO_TERRAFORM)
    try:
        statements = _terms(model)
    except Undetermined as unknown:
        return CheckResult((undetermined("project", unknown),), summary=_summary(question, "not determinable"))
    if len(statements) < 2:
        documents = [SourceKind.PLAN, SourceKind.SCHEMAS]
        return nothing_said(question, documents, "fewer than two sources state backup terms")
    deployed = next((said for said in statements if said.source is SourceKind.TERRAFORM), statements[0])
    observation = compare("project", statements, deployed.at[0])
    opinions = [Opinion(said.source, tuple(sorted(said.aspects.items())), said.text, said.at[0]) for said in statements]
    difference = contrast(statements)
    summary = {**_summary(question, difference or "the terms agree"), "difference": difference or "none"}
    return CheckResult((observation,), votes(opinions), summary)


def terms_in_words(aspects: dict[str, str]) -> str:
    """`daily, 5 days, copied to another region`, as far as it is stated."""
    parts = [aspects[key] for key in ("frequency", "retention") if key in aspects]
    if "copy" in aspects:
        parts.append(f"{aspects['copy']} to another region")
    return ", ".join(parts)


def _asking(model: Model) -> list[Side]:
    """Every source that asks for backups in this environment, with what it asks."""
    sides = []
    if model.plan and (places_asked := _plan_places(model)):
        terms = model.plan.backup.get(model.environment)
        text = terms_in_words(_aspects(terms)) if terms else "backups"
        sides.append(Side(SourceKind.PLAN, says=True, text=text or "backups", at=places_asked))
    schemas = _schemas_asking(model)
    if schemas:
        words = dict.fromkeys(terms_in_words(_aspects(table.backups[model.environment])) for table in schemas)
        at = tuple(table.backups[model.environment].at for table in schemas)
        text = f"{'; '.join(words)} ({amount(len(schemas), 'schema')})"
        sides.append(Side(SourceKind.SCHEMAS, says=True, text=text, at=at))
    for feature in model.readme.features if model.readme else ():
        if feature.or_none() == "backup":
            sides.append(Side(SourceKind.README, says=True, text="backups", at=(feature.at,)))
            break
    return sides


def _plan_places(model: Model) -> tuple[Location, ...]:
    if model.plan is None:
        return ()
    terms = model.plan.backup.get(model.environment)
    return model.plan.backup_asked_at or ((terms.at,) if terms else ())


def _schemas_asking(model: Model) -> list[Table]:
    return [t for t in model.named_tables.get(SourceKind.SCHEMAS, {}).values() if model.environment in t.backups]


def _lacking(model: Model) -> list[str]:
    found = model.backup
    kinds = (("vault", found.vaults), ("plan", found.plans), ("selection", found.selections))
    lacking = [name for name, declared in kinds if not declared]
    # Every selection names its role; only a selection without one lacks it.
    return lacking if found.roles or not found.selections else [*lacking, "role"]


def _absent(declared: Declared, asking: Sequence[Side], lacking: Sequence[str]) -> Observation:
    if declared.gap:
        return undetermined("project", declared.gap)
    at = asking[0].at[0]
    sides = (*asking, _unbacked(declared))
    return Observation(
        Outcome.FAIL,
        "project",
        at,
        {"asked": _asked_by(asking), "lacking": ", ".join(f"aws_backup_{kind}" for kind in lacking)},
        expected=f"{asking[0].text} ({asking[0].source})",
        actual=f"no {joined([f'aws_backup_{kind}' for kind in lacking], last='or')} (terraform)",
        sides=sides,
        related=related(asking, besides=at),
    )


def _unbacked(declared: Declared) -> Side:
    """Terraform's part in the dispute: the tables stand there, and nothing backs them up."""
    at = tuple(table.at for table in declared.all) or (Location(".", 0),)
    return Side(SourceKind.TERRAFORM, says=False, text="none", at=at)


def _complete(model: Model) -> Observation:
    found = model.backup
    values = {"resources": f"vault {places(found.vaults)}; plan {places(found.plans)}"}
    return Observation(Outcome.PASS, "project", found.plans[0], values, wording="declared")


def _covered(model: Model, declared: Declared, table: Table, asking: Sequence[Side]) -> Observation:
    found = model.backup
    wanted = [side for side in asking if side.source is not SourceKind.SCHEMAS]
    own = model.named_tables.get(SourceKind.SCHEMAS, {}).get(table.name)
    if own and (terms := own.backups.get(model.environment)):
        text = terms_in_words(_aspects(terms)) or "backups"
        wanted.append(Side(SourceKind.SCHEMAS, says=True, text=text, at=(terms.at,)))
    if not wanted:
        reason = {"reason": f"nobody asks for backups of {table.name}"}
        return Observation(Outcome.NOT_APPLICABLE, table.name, table.at, reason)
    values = {"asked": _asked_by(wanted), "selection": places(found.selections)}
    if table.name in found.covered:
        return Observation(Outcome.PASS, table.name, table.at, values)
    if found.coverage_unknown:
        return undetermined(table.name, Undetermined(found.coverage_unknown, found.selections[0]))
    if declared.gap:
        return undetermined(table.name, declared.gap)
    deployed = Side(SourceKind.TERRAFORM, says=False, text="not selected", at=(table.at,))
    return Observation(
        Outcome.FAIL,
        table.name,
        table.at,
        values,
        expected=f"selected for backup: asked by {sources_in_words(side.source for side in wanted)}",
        actual="no backup selection covers it (terraform)",
        sides=(*wanted, deployed),
        related=related(wanted, besides=table.at),
        wording="uncovered",
    )


def _asked_by(sides: Sequence[Side]) -> str:
    return ", ".join(f"{side.source} ({side.text}; {side.at[0]})" for side in sides)


def _terms(model: Model) -> list[Statement]:
    found: dict[SourceKind, list[tuple[str, BackupTerms]]] = {}
    if model.plan and (terms := model.plan.backup.get(model.environment)):
        found[SourceKind.PLAN] = [("", terms)]
    if model.backup.terms:
        found[SourceKind.TERRAFORM] = [("", terms) for terms in model.backup.terms]
    if schemas := _schemas_asking(model):
        found[SourceKind.SCHEMAS] = [(table.name, table.backups[model.environment]) for table in schemas]
    return [said for kind in TABLE_SOURCES if kind in found and (said := _stated(kind, found[kind]))]


def _stated(kind: SourceKind, all_terms: Sequence[tuple[str, BackupTerms]]) -> Statement | None:
    """One source's terms; where it gives different ones for different tables, each value names its tables."""
    by_aspect: dict[str, dict[str, list[str]]] = {}
    for name, terms in all_terms:
        for aspect, value in _aspects(terms).items():
            by_aspect.setdefault(aspect, {}).setdefault(value, []).append(name)
    aspects = {}
    for aspect, values in by_aspect.items():
        several = len(values) > 1
        told = [f"{value} ({', '.join(names)})" if several and names[0] else value for value, names in values.items()]
        aspects[aspect] = " and ".join(told)
    if not aspects:
        return None
    return Statement(kind, aspects, terms_in_words(aspects), tuple(_terms_at(terms) for _, terms in all_terms))


def _terms_at(terms: BackupTerms) -> Location:
    fact = terms.retention_days or terms.frequency
    return fact.at if fact else terms.at


def _aspects(terms: BackupTerms) -> dict[str, str]:
    aspects = {}
    if terms.frequency is not None:
        aspects["frequency"] = terms.frequency.get().strip().lower()
    if terms.retention_days is not None:
        aspects["retention"] = amount(terms.retention_days.get(), "day")
    if terms.cross_region is not None:
        aspects["copy"] = "copied" if terms.cross_region.get() else "not copied"
    return aspects


def _summary(question: Question, state: str) -> dict[str, str]:
    """Both backup rules share a remedy, so both fill the same words."""
    asking = list(_told(question.model))
    authority = question.config.authority_of(question.rule.facet)
    leading = next((side for kind in authority for side in asking if side.source is kind), None)
    leading = leading or (asking[0] if asking else None)
    environment = question.environment.upper()
    return {
        "state": state[:1].upper() + state[1:],
        "leading": f"{_asks(leading)} in {environment}" if leading else "nobody asks for backups",
        "asked": "; ".join(f"{NAMES[side.source]} {side.text}" for side in asking) or "nobody",
        "terms": _terms_everywhere(question.model, leading),
    }


def _asks(side: Side) -> str:
    return f"{side.source} {'ask' if side.source.plural else 'asks'} {side.text}"


def _terms_everywhere(model: Model, leading: Side | None) -> str:
    """What the leading source asks for in every environment: `sit: daily, 5 days; prod: daily, 21 days`."""
    if leading is None:
        return "none stated"
    terms = dict(model.plan.backup) if leading.source is SourceKind.PLAN and model.plan else {}
    if leading.source is SourceKind.SCHEMAS:
        terms = {name: found for table in _schemas_asking(model) for name, found in table.backups.items()}
    known = {name: _words_or_empty(found) for name, found in terms.items()}
    return "; ".join(f"{name}: {words}" for name, words in known.items() if words) or "none stated"


def _words_or_empty(terms: BackupTerms) -> str:
    try:
        return terms_in_words(_aspects(terms))
    except Undetermined:
        return ""


def _told(model: Model) -> Iterator[Side]:
    try:
        yield from _asking(model)
    except Undetermined:
        return
