"""Holds every schema file against Terraform, aspect by aspect."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from operator import attrgetter

from msgspec import Struct

from bbws_readiness.assess.score import WORST_FIRST, open_status
from bbws_readiness.engine.finding import Finding, Status
from bbws_readiness.fact import Fact
from bbws_readiness.model.tables import Table
from bbws_readiness.patterns import regex
from bbws_readiness.render.encode.markdown import Markdown, code, joined, say
from bbws_readiness.render.encode.markdown import table as markdown_table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import statuses
from bbws_readiness.render.views.checks import NOT_COVERED
from bbws_readiness.render.views.report import facts
from bbws_readiness.render.wording import STATUSES
from bbws_readiness.source import SourceKind

_NAME_ENDS = regex(r"[.: /]")


class SchemaView(Struct, frozen=True):
    """One table of the schemas, or of Terraform without a schema."""

    title: Markdown
    file: Markdown
    comparison: Markdown


class Aspect(Struct, frozen=True):
    """Something both sources say about a table, and the rules that compare it."""

    name: str
    rules: tuple[str, ...]
    say: Callable[[Table, str], Markdown]
    """Words what one side says in the environment."""
    alone: Callable[[Table], Fact[bool] | None] | None = None
    """What both state, where the rules look at Terraform alone: their PASS says nothing of a schema that differs."""
    of_table_itself: bool = False
    """Only what is found about the table as a whole belongs to it, nothing about single attributes and indexes."""


def _index_names(table: Table, environment: str) -> Markdown:
    if table.indexes is None:
        return facts.SILENT
    return joined(facts.value(index.name) for index in table.indexes) or Markdown("none")


def _index_keys(table: Table, environment: str) -> Markdown:
    shown = [say("{}: {}", facts.value(index.name), facts.index_keys(index)) for index in table.indexes or ()]
    return joined(shown, "; ") or facts.SILENT


def _index_key_types(table: Table, environment: str) -> Markdown:
    """Types as the index gives them, else as the table's list of attributes does."""
    listed = {attribute.name.or_none(): attribute.type for attribute in table.attributes or ()}
    types: dict[str, Fact[str] | None] = {}
    for index in table.indexes or ():
        for key in (index.partition_key, index.sort_key):
            name = key.name.or_none() if key else None
            if key and name is not None:
                types.setdefault(name, key.type or listed.get(name))
    return joined(say("{} ({})", code(name), facts.value(kind)) for name, kind in types.items()) or facts.SILENT


def _projections(table: Table, environment: str) -> Markdown:
    shown = [say("{}: {}", facts.value(index.name), facts.value(index.projection)) for index in table.indexes or ()]
    return joined(shown, "; ") or facts.SILENT


ASPECTS = (
    Aspect("Primary key", ("TBL003", "IDX003"), lambda table, _: facts.primary_key(table), of_table_itself=True),
    Aspect("Index names", ("IDX001",), _index_names),
    Aspect("Index keys", ("IDX002",), _index_keys),
    Aspect("Types of index keys", ("IDX003", "IDX004"), _index_key_types),
    Aspect("Index projection", ("IDX002",), _projections),
    Aspect("Capacity", ("TBL004",), lambda table, _: facts.value(table.billing_mode)),
    Aspect("Point-in-time recovery", ("DUR001",), lambda table, _: facts.recovery(table), lambda table: table.recovery),
    Aspect("Streams", ("DUR003",), lambda table, _: facts.streams(table.streams)),
    Aspect(
        "Backup terms", ("BKP001", "BKP002"), lambda table, environment: facts.terms(table.backups.get(environment))
    ),
    Aspect("Tags", ("TAG001",), lambda table, _: facts.tags(table)),
)
"""Every aspect that is compared, in the order of the report."""


def schemas_view(frame: Frame) -> tuple[SchemaView, ...]:
    """One entry per table that schemas or Terraform name; empty when the project has no schemas."""
    if frame.assessment.model.schemas is None:
        return ()
    return tuple(_views(frame))


class _Findings:
    """The findings of the rules of one aspect, by the table that they are about."""

    def __init__(self, aspect: Aspect, findings: Mapping[str, Sequence[Finding]]) -> None:
        """`findings` are all there are, by the code of their rule."""
        self._about: dict[str, list[Finding]] = {}
        for one in merge(*(findings.get(rule, ()) for rule in aspect.rules), key=attrgetter("order")):
            for name in (one.subject,) if aspect.of_table_itself else _names_in(one.subject):
                self._about.setdefault(name, []).append(one)
        # Backups are asked for the project as a whole: such a finding is about every table.
        self._about_all = [] if aspect.of_table_itself else self._about.pop("project", [])

    def about(self, name: str) -> list[Finding]:
        """Those about the table of this name, in the order of all lists."""
        own = self._about.get(name, [])
        return sorted((*own, *self._about_all), key=attrgetter("order")) if self._about_all else own


def _names_in(subject: str) -> set[str]:
    """The subject and every beginning of it that ends where a name may: what it is about is one of them."""
    return {subject, *(subject[: end.start()] for end in _NAME_ENDS.finditer(subject))}


def _views(frame: Frame) -> Iterator[SchemaView]:
    by_rule = frame.once(statuses.by_rule)
    found = [(aspect, _Findings(aspect, by_rule)) for aspect in ASPECTS]
    for comparison in frame.assessment.model.compared_tables():
        schema = comparison.side(SourceKind.SCHEMAS)
        built = comparison.side(SourceKind.TERRAFORM)
        if schema is None and built is None:
            continue
        yield SchemaView(
            title=code(comparison.name),
            file=frame.path(schema.at.path) if schema else Markdown("no schema file for this table"),
            comparison=_compared(frame, comparison.name, found, schema, built),
        )


def _compared(
    frame: Frame,
    name: str,
    found: Iterable[tuple[Aspect, _Findings]],
    schema: Table | None,
    built: Table | None,
) -> Markdown:
    environment = frame.assessment.environment
    backup = frame.assessment.model.backup.terms
    rows = []
    for aspect, findings in found:
        stated = aspect.say(schema, environment) if schema else Markdown("no schema")
        actual = aspect.say(built, environment) if built else Markdown("not declared")
        if aspect.name == "Backup terms" and built:
            actual = joined(map(facts.terms, backup), "; ") or Markdown("none declared")
        differs = schema is not None and built is not None and _differs_unasked(aspect, schema, built)
        rows.append((aspect.name, stated, actual, *(NOT_ASKED if differs else _answer(findings.about(name)))))
    return markdown_table(("Aspect", "Schema", "Terraform", "Status", "Evidence"), rows)


NOT_ASKED = (Markdown(STATUSES[Status.NOT_VERIFIED]), say("{}: schema and terraform differ", NOT_COVERED))


def _differs_unasked(aspect: Aspect, schema: Table, built: Table) -> bool:
    stated, actual = (aspect.alone(schema), aspect.alone(built)) if aspect.alone else (None, None)
    return stated is not None and actual is not None and stated.value != actual.value


def _answer(own: list[Finding]) -> tuple[Markdown, Markdown]:
    """Whether schema and Terraform agree, as the checks found it; what other sources say is not asked here."""
    pairs = [(one, agreed) for one in own if (agreed := _agreed(one)) is not None]
    if pairs:
        differing = [one for one, agreed in pairs if not agreed]
        if not differing:
            return Markdown(STATUSES[Status.PASS]), say("{} schemas and terraform agree", code(pairs[0][0].rule.code))
        return _told(min(differing, key=lambda one: one.order))
    if own:
        return _told(min(own, key=lambda one: (WORST_FIRST.index(open_status(one)), one.order)))
    return Markdown(STATUSES[Status.NOT_VERIFIED]), Markdown(NOT_COVERED)


def _agreed(finding: Finding) -> bool | None:
    """Whether schemas and Terraform say the same; None where not both speak."""
    sides = {side.source: side for side in finding.sides}
    schemas, built = sides.get(SourceKind.SCHEMAS), sides.get(SourceKind.TERRAFORM)
    return schemas.agrees_with(built) if schemas and built else None


def _told(finding: Finding) -> tuple[Markdown, Markdown]:
    return Markdown(STATUSES[open_status(finding)]), say("{} {}", code(finding.rule.code), finding.message)
