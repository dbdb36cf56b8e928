"""What each source says about tables, indexes, backups and other resources, compared as sets of names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.engine.finding import Finding, Outcome
from bbws_readiness.fact import Fact
from bbws_readiness.model.model import TABLE_SOURCES
from bbws_readiness.model.tables import BackupTerms, Count, Table
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, code, codes, joined, plain, say
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import statuses
from bbws_readiness.source import Location, SourceKind

BREAK = Markdown("<br>")
PLANNED_RESOURCES = "RES001"
"""The rule that holds the names of the plan against what is declared or present."""
ANSWERED = frozenset({Outcome.PASS, Outcome.FAIL, Outcome.UNDETERMINED})


class Gap(Struct, frozen=True):
    """One noun: what somebody expects or claims, what Terraform declares, and the difference by name."""

    noun: Markdown
    expected: Markdown
    actual: Markdown
    gap: Markdown
    declared: bool
    """Whether the expecting side was declared right; otherwise its words are claims."""


def unread(frame: Frame) -> str:
    """Why nothing can be said about what Terraform lacks, or empty: it was not found, or not read as a whole."""
    configuration = frame.assessment.model.configuration
    if configuration is None:
        return "not determinable: no Terraform configuration was read"
    return "" if configuration.complete else "not determinable: not every Terraform file could be read"


def expecting(frame: Frame, facet: str) -> tuple[SourceKind | None, bool]:
    """Who is compared with Terraform about `facet`, and whether it was declared right.

    Without a declared authority it is the plan, else the first source that speaks: its words are claims.
    """
    model = frame.assessment.model
    speaking = [kind for kind in TABLE_SOURCES if model.tables_of(kind) is not None]
    if facet == "backup":
        speaking = [kind for kind in (SourceKind.PLAN, SourceKind.SCHEMAS) if _backup_terms(frame, kind)]
        speaking.append(SourceKind.TERRAFORM)
    declared = frame.assessment.config.authority_of(facet)
    for kind in declared:
        if kind in speaking:
            return kind, True
    others = [kind for kind in speaking if kind is not SourceKind.TERRAFORM]
    return (others[0] if others else None), False


def gaps(frame: Frame) -> tuple[Gap, ...]:
    """One row per noun that somebody besides Terraform speaks of: tables, indexes, backup, other planned resources."""
    rows = (_tables(frame), _indexes(frame), _backup(frame), *_planned(frame))
    known = tuple(row for row in rows if row is not None)
    if reason := unread(frame):
        return tuple(replace(row, actual=plain(reason), gap=plain("not determinable")) for row in known)
    return known


def _tables(frame: Frame) -> Gap | None:
    kind, is_right = expecting(frame, "tables")
    if kind is None:
        return None
    expected = {table.name: table for table in frame.assessment.model.tables_of(kind) or ()}
    actual = {table.name: table for table in frame.assessment.model.terraform_tables or ()}
    lacking = tuple(name for name in expected if name not in actual)
    beyond = tuple(name for name in actual if name not in expected)
    return Gap(
        Markdown("Tables"),
        _named(frame, kind, expected),
        _named(frame, SourceKind.TERRAFORM, actual),
        _difference(kind, lacking, beyond),
        is_right,
    )


def _named(frame: Frame, kind: SourceKind, tables: Mapping[str, Table]) -> Markdown:
    said = say("{}: {} - {}", Markdown(str(kind)), len(tables), codes(tables))
    return frame.cited(said, *(table.at for table in tables.values()))


def _difference(kind: SourceKind, lacking: Iterable[str], beyond: Iterable[str]) -> Markdown:
    parts = []
    if lacking := tuple(lacking):
        parts.append(say("only {}: {}", Markdown(str(kind)), codes(lacking)))
    if beyond := tuple(beyond):
        parts.append(say("only terraform: {}", codes(beyond)))
    return joined(parts, "; ") or Markdown("none")


def _indexes(frame: Frame) -> Gap | None:
    kind, is_right = expecting(frame, "indexes")
    claimed = (frame.assessment.model.tables_of(kind) or ()) if kind else ()
    declared = frame.assessment.model.terraform_tables or ()
    expected, actual = _index_sets(claimed), _index_sets(declared)
    if kind is None or not expected:
        return None
    lines: list[Markdown] = []
    for name in dict.fromkeys((*expected, *actual)):
        here, there = expected.get(name, {}), actual.get(name, {})
        lacking = [index for index in here if index not in there]
        beyond = [index for index in there if index not in here]
        if lacking or beyond:
            lines.append(say("{}: {}", code(name), _difference(kind, lacking, beyond)))
    return Gap(
        Markdown("Indexes"),
        say("{}{}", _listed_indexes(frame, kind, claimed), _stated(frame, kind, "indexes")),
        _listed_indexes(frame, SourceKind.TERRAFORM, declared),
        joined(lines, BREAK) or Markdown("none"),
        is_right,
    )


def _index_sets(tables: Iterable[Table]) -> dict[str, dict[str, Location]]:
    """Per table that lists indexes, the known index names with their places."""
    return {
        table.name: {name: index.at for index in table.indexes if (name := index.name.or_none()) is not None}
        for table in tables
        if table.indexes is not None
    }


def _listed_indexes(frame: Frame, kind: SourceKind, tables: Iterable[Table]) -> Markdown:
    """All that are listed, those without a known name too: the numbers are those of every document."""
    listed = {table.name: table.indexes for table in tables if table.indexes is not None}
    number = sum(map(len, listed.values()))
    per_table = joined((say("{} {}", code(name), len(indexes)) for name, indexes in listed.items()), ", ")
    places = [index.at for indexes in listed.values() for index in indexes[:1]]
    said = say("{}: {} listed - {}", Markdown(str(kind)), number, per_table or Markdown("none"))
    return frame.cited(said, *places)


def _stated(frame: Frame, kind: SourceKind, noun: str) -> Markdown:
    """`; 8 stated (place)` where a document also gives bare numbers."""
    counts = stated_counts(frame, kind, noun)
    if not counts:
        return Markdown("")
    return say("; {}", joined((frame.cited(f"{value} stated", *places) for value, places in counts.items()), ", "))


def stated_counts(frame: Frame, kind: SourceKind, noun: str) -> dict[int, list[Location]]:
    """The bare numbers that plan or README give for the whole project or this environment, with their places."""
    model = frame.assessment.model
    listed: tuple[Count, ...] = ()
    if kind is SourceKind.PLAN and model.plan:
        listed = model.plan.counts
    elif kind is SourceKind.README and model.readme:
        listed = model.readme.counts
    found: dict[int, list[Location]] = {}
    for count in listed:
        value = count.number.or_none()
        if count.noun == noun and count.scope in ("", frame.assessment.environment) and value is not None:
            found.setdefault(value, []).append(count.number.at)
    return found


def _backup_terms(frame: Frame, kind: SourceKind) -> BackupTerms | None:
    """What a document asks of backups in this environment; of the schemas the first that says so."""
    model = frame.assessment.model
    environment = frame.assessment.environment
    if kind is SourceKind.PLAN:
        return model.plan.backup.get(environment) if model.plan else None
    if kind is not SourceKind.SCHEMAS:
        return None
    for table in model.schemas.tables if model.schemas else ():
        if terms := table.backups.get(environment):
            return terms
    return None


def backup_demand(frame: Frame, kind: SourceKind) -> Markdown | None:
    """`hourly, kept 7 days (place)` as that document asks for, or None when it says nothing."""
    terms = _backup_terms(frame, kind)
    if terms is None:
        return None
    parts = [_text(terms.frequency)] if terms.frequency else []
    if terms.retention_days:
        parts.append(f"kept {_text(terms.retention_days)} days")
    return frame.cited(", ".join(parts) or "asked for, without terms", terms.at)


def backup_declared(frame: Frame) -> Markdown:
    """The backup vaults, plans and selections that Terraform declares."""
    if reason := unread(frame):
        return plain(reason)
    backup = frame.assessment.model.backup
    counts = [
        wording.counted(len(places), noun)
        for noun, places in (("vault", backup.vaults), ("plan", backup.plans), ("selection", backup.selections))
        if places
    ]
    return frame.cited(wording.listed(counts, nothing="none declared"), *backup.vaults, *backup.plans)


def _backup(frame: Frame) -> Gap | None:
    kind, is_right = expecting(frame, "backup")
    if kind is None:
        return None
    backup = frame.assessment.model.backup
    asking = (kind,) if is_right else (SourceKind.PLAN, SourceKind.SCHEMAS)
    said = [(one, told) for one in asking if (told := backup_demand(frame, one)) is not None]
    demand = joined((say("{}: {}", Markdown(str(one)), told) for one, told in said), BREAK)
    needed = () if not said else (("vault", backup.vaults), ("plan", backup.plans), ("selection", backup.selections))
    lacking = tuple(noun for noun, places in needed if not places)
    return Gap(
        Markdown("Backup"),
        demand or say("{}: {}", Markdown(str(kind)), backup_declared(frame)),
        say("terraform: {}", backup_declared(frame)),
        plain(_backup_gap(lacking, is_right=is_right)),
        is_right,
    )


def _backup_gap(lacking: tuple[str, ...], *, is_right: bool) -> str:
    if not lacking:
        return "none"
    if is_right:
        return f"not declared: {wording.listed(lacking)}"
    return f"only documents speak of backups; terraform declares no {wording.listed(lacking, word='or')}"


def _planned(frame: Frame) -> Iterable[Gap]:
    """One row per kind of resource that the plan names, from the answers of the rule about them."""
    by_kind: dict[str, list[Finding]] = {}
    for finding in statuses.findings_of(frame, PLANNED_RESOURCES):
        kind, _, name = finding.subject.partition(" ")
        if finding.outcome in ANSWERED and kind != "further":
            by_kind.setdefault(kind if name else kind.removesuffix("s"), []).append(finding)
    is_right = SourceKind.PLAN in frame.assessment.config.authority_of("resources")
    for kind, findings in by_kind.items():
        findings.sort(key=_planned_at)
        named = [(one.subject.partition(" ")[2], one) for one in findings]
        there = [name for name, one in named if one.outcome is Outcome.PASS]
        lacking = [name for name, one in named if one.outcome is Outcome.FAIL]
        places = [at for one in findings for side in one.sides if side.source is SourceKind.PLAN for at in side.at]
        if any(not name for name, _ in named):
            yield _described(frame, kind, findings, is_right=is_right)
            continue
        expected = frame.cited(say("plan: {} - {}", len(named), codes(name for name, _ in named)), *places)
        actual = say("{} of them declared or present: {}", len(there), codes(there)) if there else Markdown("none")
        gap = _difference(SourceKind.PLAN, lacking, ())
        if unsure := [name for name, one in named if one.outcome is Outcome.UNDETERMINED]:
            gap = (
                say("{}; not determinable: {}", gap, codes(unsure))
                if lacking
                else say("not determinable: {}", codes(unsure))
            )
        yield Gap(plain(f"{kind.capitalize()}s"), expected, actual, gap, is_right)


def _planned_at(finding: Finding) -> Location:
    """Where the plan names it."""
    return next((side.at[0] for side in finding.sides if side.source is SourceKind.PLAN), finding.at)


def _described(frame: Frame, kind: str, findings: list[Finding], *, is_right: bool) -> Gap:
    """The row of resources that the plan describes without a name."""
    one = next(finding for finding in findings if " " not in finding.subject)
    failed = one.outcome is Outcome.FAIL
    expected = frame.cited(one.expected or "plan: described in words", one.at)
    gap = frame.told(one.message, one.at) if failed else Markdown("not determinable: described in words")
    return Gap(plain(f"{kind.capitalize()}s"), expected, plain(one.actual or "see the findings"), gap, is_right)


def _text(fact: Fact[str] | Fact[int]) -> str:
    value = fact.or_none()
    return "not determinable" if value is None else str(value)
