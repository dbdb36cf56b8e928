"""Whether another project keeps its state in the same place, or creates what this one creates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from bbws_readiness.checks.unknown import neighbours_in_question, undetermined
from bbws_readiness.checks.wording import MOST_NAMED, amount, few
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related, Side
from bbws_readiness.fact import Fact, Undetermined, Unknown
from bbws_readiness.model.footprint import Claim, Footprint, Neighbours, StatePlace
from bbws_readiness.source import Location, SourceKind

_WORST = (Outcome.FAIL, Outcome.UNDETERMINED, Outcome.PASS)


def shared_claim(question: Question) -> CheckResult:
    """POR002: one answer for the state, one per name that two projects create, one for all other names.

    Of several places of the state the worst is told.
    """
    around = neighbours_in_question(question)
    if isinstance(around, CheckResult):
        return around
    states = [_state(place, around) for place in around.own.states]
    observations = sorted(states, key=lambda seen: _WORST.index(seen.outcome))[:1]
    observations += _names(around)
    if not observations:
        return question.not_applicable("it keeps no state in S3 and creates no name that another project could")
    return CheckResult(tuple(observations))


def _state(place: StatePlace, around: Neighbours) -> Observation:
    seen = [_opened(place, theirs, around.own, other) for other in around.others for theirs in other.states]
    for outcome in (Outcome.FAIL, Outcome.UNDETERMINED):
        if found := next((one for one in seen if one and one.outcome is outcome), None):
            return found
    if other := next((one for one in around.others if one.states_gap), None):
        return _doubtful("state", other.states_gap or place.key, f"whether {other.name} opens the same one")
    return Observation(Outcome.PASS, "state", place.key.at, {"count": _others(around.count)}, wording="own-state")


def _opened(place: StatePlace, theirs: StatePlace, own: Footprint, other: Footprint) -> Observation | None:
    """What is to say of two places of state; None when they are known to be two."""
    if _differ(place.bucket, theirs.bucket) or _differ(place.key, theirs.key):
        return None
    facts = (place.bucket, theirs.bucket, place.key, theirs.key)
    if unknown := next((fact for fact in facts if not fact.known), None):
        return _doubtful("state", unknown, f"whether {other.name} opens the same one")
    where = f"s3://{place.bucket.get()}/{place.key.get()}"
    return _collision("state", where, own, other, (place.key.at, theirs.key.at), "shared-state")


def _differ(mine: Fact[str], theirs: Fact[str]) -> bool:
    return mine.known and theirs.known and mine.or_none() != theirs.or_none()


def _names(around: Neighbours) -> Iterator[Observation]:
    own, made = around.own, _Made(around)
    free = []
    for claim in own.claims:
        seen = (_against(claim, one, own, other) for other, one in made.of_the_name(claim))
        if told := next((one for one in seen if one), None):
            yield told
        elif claim.name.known:
            free.append(claim)
    yield from _unknown_names(around)
    read = around.further + sum(1 for other in around.others if other.claims or not other.gap)
    if free and read:
        values = {"number": amount(len(free), "name"), "count": _others(read)}
        yield Observation(Outcome.PASS, "names", free[0].at, values)


class _Made:
    """What other projects create, by its name; of claims that any answer treats alike only the first is kept."""

    def __init__(self, around: Neighbours) -> None:
        self._all: dict[tuple[str, str], dict[object, tuple[Footprint, Claim]]] = {}
        self._in_region: dict[tuple[str, str, str], dict[object, tuple[Footprint, Claim]]] = {}
        for number, other in enumerate(around.others):
            for theirs in other.claims:
                if name := theirs.name.or_none():
                    alike = (number, theirs.account and theirs.account.value, theirs.certain)
                    region = _region(theirs)
                    found = (other, theirs)
                    self._all.setdefault((theirs.type, name), {}).setdefault((*alike, bool(region)), found)
                    self._in_region.setdefault((theirs.type, name, region), {}).setdefault(alike, found)

    def of_the_name(self, claim: Claim) -> Iterator[tuple[Footprint, Claim]]:
        """What may be the same, project by project; for a known region only what may lie in it."""
        name, region = claim.name.or_none() or "", _region(claim)
        if not region:
            yield from self._all.get((claim.type, name), {}).values()
            return
        yield from self._in_region.get((claim.type, name, region), {}).values()
        yield from self._in_region.get((claim.type, name, ""), {}).values()


def _region(claim: Claim) -> str:
    """The region as far as it is known; empty where none is stated, too."""
    return (claim.region.or_none() or "") if claim.region else ""


def _against(claim: Claim, theirs: Claim, own: Footprint, other: Footprint) -> Observation | None:
    """What is to say about a name that another project creates too; None where the two lie apart."""
    if _apart(claim.account, theirs.account) or _apart(claim.region, theirs.region):
        return None
    subject = f"{claim.type} {claim.name.get()}"
    for one in (claim, theirs):
        if one.region is not None and isinstance(one.region.value, Unknown):
            return _doubtful(subject, one.region, f"whether {other.name} creates it in the same region")
        if not one.certain:
            unknown: Fact[str] = Fact(Unknown(f"how often {one.address} is declared is unknown"), one.at)
            return _doubtful(subject, unknown, f"whether {other.name} creates it too")
    return _collision(subject, theirs.address, own, other, (claim.at, theirs.at), "fail")


def _apart(mine: Fact[str] | None, theirs: Fact[str] | None) -> bool:
    return mine is not None and theirs is not None and _differ(mine, theirs)


def _unknown_names(around: Neighbours) -> Iterator[Observation]:
    """One answer for all names of a project that could be any, and one for all projects that are unread alike."""
    unread: dict[object, list[Footprint]] = {}
    for project in (around.own, *around.others):
        against = around.others if project is around.own else (around.own,)
        types = {claim.type for other in against for claim in other.claims}
        unknown = next((claim for claim in project.claims if not claim.name.known and claim.type in types), None)
        if unknown:
            yield _doubtful(f"names of {project.name}", unknown.name, f"what {unknown.address} is called")
        elif project.gap and types:
            unread.setdefault((project is around.own, project.gap.value), []).append(project)
    yield from map(_unread, unread.values())


def _unread(projects: Sequence[Footprint]) -> Observation:
    gaps = [project.gap for project in projects if project.gap]
    if len(projects) == 1:
        return _doubtful(f"names of {projects[0].name}", gaps[0], "what else it creates")
    what = f"what else each of {few(project.name for project in projects)} creates"
    doubt = _doubtful(f"names of {amount(len(projects), 'project')}", gaps[0], what)
    others = zip(projects[1:MOST_NAMED], gaps[1:], strict=False)
    return replace(doubt, related=tuple(Related(gap.at, project.name) for project, gap in others))


def _doubtful(subject: str, unknown: Fact[str], what: str) -> Observation:
    reason = unknown.value.reason if isinstance(unknown.value, Unknown) else "it is not known"
    return undetermined(subject, Undetermined(f"{what} cannot be told: {reason}", unknown.at))


def _collision(
    subject: str, what: str, own: Footprint, other: Footprint, at: tuple[Location, Location], wording: str
) -> Observation:
    sides = tuple(
        Side(SourceKind.TERRAFORM, f"{project.name} in {project.folder}", f"taken by {project.name}", (place,))
        for project, place in zip((own, other), at, strict=True)
    )
    return Observation(
        Outcome.FAIL,
        subject,
        at[0],
        {"what": what, "other": other.name, "there": str(at[1])},
        expected=f"one of {own.name} alone",
        actual=f"shared with {other.name}",
        sides=sides,
        related=(Related(at[1], f"{other.name}: {what}"),),
        wording="" if wording == "fail" else wording,
    )


def _others(number: int) -> str:
    return amount(number, "other project")
