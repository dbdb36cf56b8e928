"""Which other projects one needs, by whatever says so: plans, documents about several projects, consumed names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from bbws_readiness.model.footprint import Claim, Footprint, Need, Neighbours
from bbws_readiness.model.model import Model
from bbws_readiness.model.portfolio import Edge, PortfolioDocument, WaveEntry, project_alias
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location, SourceKind

_FORWARD = regex(r"\bblock|\bprovid|\bunlock|\bfeed|\bdownstream|\bbefore\b|\b(?:needed|required|used) by\b", re.I)
_BACKWARD = regex(r"\bdepends? on\b|\brequires\b|\bneeds\b|\bupstream\b|\bwaits? for\b|\bafter\b", re.I)
_NUMBER = regex(r"\bwave[ ]?(\d{1,3})\b", re.I)


class Dependency(Struct, frozen=True):
    """Another project that the assessed one needs, with the most telling place that says so."""

    name: str
    other: Footprint | None
    """None when no project of that name is known."""
    row: WaveEntry | None
    """Its row in a document about several projects."""
    why: str
    """`its plan names it`, `data.aws_s3_bucket.labels is made there`."""
    at: Location
    source: SourceKind

    @property
    def wave(self) -> int | None:
        """The number of its wave; None when none is stated."""
        stated = self.other.wave.or_none() if self.other and self.other.wave else None
        return wave_number(stated) or wave_number(self.row.wave if self.row else None)


def aliases(project: Footprint, organisation: str) -> frozenset[str]:
    """The spellings under which documents may speak of the project."""
    return frozenset(project_alias(name, organisation) for name in project.names if name)


def wave_number(text: str | None) -> int | None:
    """The number in `Wave 2 (Services)`; None without one."""
    found = _NUMBER.search(text or "")
    return int(found[1]) if found else None


def rows(model: Model, organisation: str) -> Mapping[str, WaveEntry]:
    """The rows of all wave tables by the alias of their project; the first one where there are several."""
    found: dict[str, WaveEntry] = {}
    for document in model.portfolio:
        for entry in document.waves:
            found.setdefault(project_alias(entry.project.or_none() or "", organisation), entry)
    return found


def dependencies(model: Model, organisation: str) -> tuple[Dependency, ...]:
    """Every project that this one needs, each once, what its own plan names first."""
    around = model.neighbours
    if around is None:
        return ()
    own, table = aliases(around.own, organisation), rows(model, organisation)
    by_alias = {alias: other for other in around.others for alias in aliases(other, organisation)}
    found: dict[str, Dependency] = {}
    for name, why, at, source in _named(model, around, own, organisation):
        alias = project_alias(name, organisation)
        other = by_alias.get(alias)
        key = other.folder if other else alias
        if alias not in own and key not in found:
            found[key] = Dependency(other.name if other else name, other, table.get(alias), why, at, source)
    return tuple(found.values())


def producer(need: Need, projects: tuple[Footprint, ...]) -> tuple[Footprint, Claim] | None:
    """Who makes what is needed, under that very name; a document may leave the environment out of it."""
    wanted = need.name.or_none()
    for project in projects if wanted else ():
        for claim in project.claims:
            exact = claim.name.or_none() == wanted or (need.planned and claim.logical_name == wanted)
            if claim.kind == need.kind and exact:
                return project, claim
    return None


_Named = tuple[str, str, Location, SourceKind]


def _named(model: Model, around: Neighbours, own: frozenset[str], organisation: str) -> Iterator[_Named]:
    for fact in around.own.dependencies:
        if name := fact.or_none():
            yield name, "its plan names it", fact.at, SourceKind.PLAN
    for other in around.others:
        for blocked in other.blocks:
            if project_alias(blocked.name, organisation) in own:
                yield other.name, "the plan there says that it blocks this project", blocked.at, SourceKind.PLAN
    for need in around.own.needs:
        made = producer(need, (around.own, *around.others))
        if made and made[0] is not around.own:
            kind = SourceKind.PLAN if need.planned else SourceKind.TERRAFORM
            yield made[0].name, f"{need.kind} {need.name.or_none()} is made there", need.name.at, kind
    for document in model.portfolio:
        yield from _drawn(document, own, rows(model, organisation), organisation)


def _drawn(
    document: PortfolioDocument, own: frozenset[str], table: Mapping[str, WaveEntry], organisation: str
) -> Iterator[_Named]:
    """The projects that the arrows of a document lead to this one from."""
    for edge in document.edges:
        forward = _is_forward(edge, table, organisation)
        if forward is None:
            continue
        needed, needing = (edge.source, edge.target) if forward else (edge.target, edge.source)
        name = needed.or_none()
        if name and project_alias(needing.or_none() or "", organisation) in own:
            yield name, f"{document.path} says so", needed.at, SourceKind.PORTFOLIO


def _is_forward(edge: Edge, table: Mapping[str, WaveEntry], organisation: str) -> bool | None:
    """Whether what stands before the arrow comes first: by the words of the heading, else by the waves of both."""
    if _BACKWARD.search(edge.topic):
        return False
    if _FORWARD.search(edge.topic):
        return True
    ends = [table.get(project_alias(end.or_none() or "", organisation)) for end in (edge.source, edge.target)]
    first, second = (wave_number(entry.wave) if entry else None for entry in ends)
    return None if first is None or second is None or first == second else first < second
