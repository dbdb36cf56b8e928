"""Whether a project is planned for after what it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.checks.portfolio.dependencies import Dependency, aliases, dependencies, rows, wave_number
from bbws_readiness.checks.unknown import others_in_question, undetermined
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related, Side
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.footprint import Footprint, Neighbours
from bbws_readiness.model.plans import Moment
from bbws_readiness.model.portfolio import Blocker, project_alias
from bbws_readiness.source import Location, SourceKind

_SIGN_OFF, _TARGET = "sign-off", "target"
MAX_TEXT = 60
"""Characters of a blocker that its subject shows."""


class _Day(Struct, frozen=True):
    """A planned day: when the own deployment begins, or when a needed project is done."""

    day: date
    clock: time | None
    at: Location
    what: str
    """`sign-off`, `target`, or `deployment` where the plan states no sign-off."""
    source: SourceKind

    @property
    def shown(self) -> str:
        """The day, with its hour where one is stated."""
        hour = f" {self.clock:%H:%M}" if self.clock else ""
        return f"{self.day:%a %Y-%m-%d}{hour}"


def late_dependency(question: Question) -> CheckResult:
    """POR001: one answer per project that is needed, for a plan that says it needs none, and per outside blocker."""
    model, around = question.model, others_in_question(question)
    if isinstance(around, CheckResult):
        return around
    organisation = question.config.organisation
    needed = dependencies(model, organisation)
    own = _own_day(question, around.own)
    found = [_answer(question, around.own, own, one) for one in needed]
    observations = [seen for seen in found if seen]
    if independent := around.own.independent:
        observations.append(_independence(around, independent, needed))
    observations += _blockers(question, around.own, own)
    if not observations:
        reason = "nothing dates what it needs" if needed else "nothing says that it needs another project"
        nothing = question.not_applicable(reason)
        return replace(nothing, not_before=_bounds(question, (), needed))
    bounds = _bounds(question, observations, needed)
    return CheckResult(tuple(observations), summary=_summary(observations, needed, bounds), not_before=bounds)


def _own_day(question: Question, own: Footprint) -> _Day | None:
    """When the deployment begins, by the plan, else by a document about several projects."""
    if own.dates and own.dates.deployment:
        return _begin(own.dates.deployment, "deployment", SourceKind.PLAN)
    table = rows(question.model, question.config.organisation)
    for alias in sorted(aliases(own, question.config.organisation)):
        if alias in table and (target := table[alias].targets.get(question.environment)):
            return _begin(target, _TARGET, SourceKind.PORTFOLIO)
    return None


def _begin(moment: Moment, what: str, source: SourceKind) -> _Day:
    return _Day(moment.start, moment.start_time, moment.at, what, source)


def _done(question: Question, needed: Dependency) -> _Day | None:
    """When what is needed is done: its sign-off, else the first day at which it cannot be earlier."""
    dates = needed.other.dates if needed.other else None
    if dates and dates.sign_off:
        moment = dates.sign_off
        return _Day(moment.end, moment.end_time or moment.start_time, moment.at, _SIGN_OFF, SourceKind.PLAN)
    if dates and (begun := dates.validation or dates.deployment):
        return _begin(begun, "deployment", SourceKind.PLAN)
    target = needed.row.targets.get(question.environment) if needed.row else None
    return _Day(target.end, None, target.at, _TARGET, SourceKind.PORTFOLIO) if target else None


def _deployed(question: Question, needed: Dependency) -> Fact[str] | None:
    """Where it is said that what is needed is there already."""
    said = needed.other.status if needed.other else None
    said = said or (needed.row.statuses.get(question.environment) if needed.row else None)
    return said if said and (said.or_none() or "").casefold().startswith("deployed") else None


def _answer(question: Question, own: Footprint, mine: _Day | None, needed: Dependency) -> Observation | None:
    if there := _deployed(question, needed):
        return Observation(Outcome.PASS, needed.name, there.at, {"when": "is deployed already"})
    theirs = _done(question, needed)
    if late := _in_a_later_wave(own, needed):
        on_days = mine and theirs and _compared(needed, mine, theirs)
        return on_days if on_days and on_days.outcome is Outcome.FAIL else late
    if mine is None:
        return None
    if theirs is None:
        reason = f"nothing tells when {needed.name} is signed off in {question.environment}"
        return undetermined(needed.name, Undetermined(reason, needed.at))
    return _compared(needed, mine, theirs)


def _compared(needed: Dependency, mine: _Day, theirs: _Day) -> Observation:
    if mine.day < theirs.day or (mine.day == theirs.day and _earlier(mine.clock, theirs.clock)):
        return _late(needed, mine, theirs)
    if mine.day == theirs.day and (mine.clock is None or theirs.clock is None):
        reason = f"both are planned for {mine.day:%Y-%m-%d}, and not both with an hour"
        return undetermined(needed.name, Undetermined(reason, mine.at))
    if theirs.what not in (_SIGN_OFF, _TARGET):
        reason = f"{needed.name} begins earlier, and no sign-off of it is stated"
        return undetermined(needed.name, Undetermined(reason, theirs.at))
    when = f"{mine.shown}, after its {theirs.what} on {theirs.shown}"
    return Observation(Outcome.PASS, needed.name, mine.at, {"when": when}, related=(Related(theirs.at, theirs.shown),))


def _earlier(mine: time | None, theirs: time | None) -> bool:
    return mine is not None and theirs is not None and mine < theirs


def _late(needed: Dependency, mine: _Day, theirs: _Day) -> Observation:
    values = {"mine": mine.shown, "theirs": theirs.shown, "what": theirs.what, "why": needed.why}
    return Observation(
        Outcome.FAIL,
        needed.name,
        mine.at,
        values,
        expected=f"after {theirs.shown}",
        actual=mine.shown,
        sides=(
            Side(mine.source, f"on {mine.shown}", f"deployment on {mine.shown}", (mine.at,)),
            Side(theirs.source, f"after {theirs.shown}", f"its {theirs.what} on {theirs.shown}", (theirs.at,)),
        ),
        related=(Related(theirs.at, f"{needed.name}: {theirs.what} {theirs.shown}"), Related(needed.at, needed.why)),
    )


def _in_a_later_wave(own: Footprint, needed: Dependency) -> Observation | None:
    mine = wave_number(own.wave.or_none() if own.wave else None)
    theirs = needed.wave
    if own.wave is None or mine is None or theirs is None or mine >= theirs:
        return None
    at = needed.other.wave.at if needed.other and needed.other.wave else needed.at
    source = SourceKind.PLAN if needed.other and needed.other.wave else SourceKind.PORTFOLIO
    return Observation(
        Outcome.FAIL,
        needed.name,
        own.wave.at,
        {"mine": f"wave {mine}", "theirs": f"wave {theirs}", "why": needed.why},
        expected=f"wave {theirs} or later",
        actual=f"wave {mine}",
        sides=(
            Side(SourceKind.PLAN, f"wave {mine}", f"wave {mine}", (own.wave.at,)),
            Side(source, f"not before wave {theirs}", f"it is in wave {theirs}", (at,)),
        ),
        related=(Related(at, f"{needed.name}: wave {theirs}"), Related(needed.at, needed.why)),
        wording="wave",
    )


def _independence(around: Neighbours, said: Fact[str], needed: Sequence[Dependency]) -> Observation:
    """Whether a plan that names no dependency is right about it; what it names itself is not held against it."""
    own = {fact.at for fact in around.own.dependencies}
    others = [one for one in needed if one.at not in own]
    subject = "no dependencies"
    if not others:
        return Observation(Outcome.PASS, subject, said.at, {"when": "nothing says otherwise"})
    first = others[0]
    needs = "; ".join(f"{one.name} ({one.why})" for one in others)
    return Observation(
        Outcome.FAIL,
        subject,
        said.at,
        {"said": said.or_none() or "none", "needs": needs},
        expected=", ".join(one.name for one in others),
        actual=said.or_none() or "none",
        sides=(
            Side(SourceKind.PLAN, "needs none", said.or_none() or "none", (said.at,)),
            Side(first.source, "needs others", f"needs {needs}", (first.at,)),
        ),
        related=tuple(Related(one.at, f"{one.name}: {one.why}") for one in others),
        wording="independent",
    )


def _blockers(question: Question, own: Footprint, mine: _Day | None) -> Iterator[Observation]:
    """The outside work of the documents that names this project, or something that its plan waits for."""
    if mine is None:
        return
    for document in question.model.portfolio:
        for blocker in document.blockers:
            if _concerns(blocker, own, question.config.organisation):
                yield _due(blocker, mine)


def _concerns(blocker: Blocker, own: Footprint, organisation: str) -> bool:
    text = blocker.text.or_none() or ""
    spelt = f"_{project_alias(text)}_".replace(",", "_").replace(".", "_").replace(":", "_")
    waited = [(need.or_none() or "").casefold() for need in own.external_needs]
    return any(f"_{alias}_" in spelt for alias in aliases(own, organisation)) or any(
        need and need in text.casefold() for need in waited
    )


def _named(blocker: Blocker) -> str:
    text = blocker.text.or_none() or ""
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"


def _due(blocker: Blocker, mine: _Day) -> Observation:
    subject = _named(blocker)
    if blocker.due is None:
        return undetermined(subject, Undetermined("no day is stated by which it is done", blocker.text.at))
    day = blocker.due.end
    if day <= mine.day:
        return Observation(Outcome.PASS, subject, blocker.text.at, {"when": f"is due on {day:%a %Y-%m-%d}"})
    values = {"mine": mine.shown, "theirs": f"{day:%a %Y-%m-%d}"}
    return Observation(
        Outcome.FAIL,
        subject,
        mine.at,
        values,
        expected=f"after {day:%a %Y-%m-%d}",
        actual=mine.shown,
        sides=(
            Side(mine.source, f"on {mine.shown}", f"deployment on {mine.shown}", (mine.at,)),
            Side(SourceKind.PORTFOLIO, f"after {day}", f"due {day:%a %Y-%m-%d}", (blocker.text.at,)),
        ),
        related=(Related(blocker.text.at, f"due {day:%a %Y-%m-%d}"),),
        wording="blocker",
    )


def _bounds(
    question: Question, observations: Sequence[Observation], needed: Sequence[Dependency]
) -> dict[str, datetime]:
    """The moments before which something that is needed is not there, by its name.

    What is signed off on a day is there on the first day of deployments after it, unless the plan says otherwise.
    """
    outcomes = {seen.subject: seen.outcome for seen in observations}
    found: dict[str, datetime] = {}
    for one in needed:
        done = None if _deployed(question, one) else _done(question, one)
        if done and outcomes.get(one.name, Outcome.FAIL) is Outcome.FAIL:
            found[one.name] = datetime.combine(_next(question, done.day), time())
    for document in question.model.portfolio:
        for blocker in document.blockers:
            if blocker.due and outcomes.get(subject := _named(blocker)) is Outcome.FAIL:
                found[subject] = datetime.combine(_next(question, blocker.due.end - timedelta(days=1)), time())
    return found


def _summary(
    observations: Sequence[Observation], needed: Sequence[Dependency], bounds: Mapping[str, datetime]
) -> dict[str, str]:
    """The order and the first day on which everything that is late is there."""
    failed = {seen.subject for seen in observations if seen.outcome is Outcome.FAIL}
    late = [one for one in needed if one.name in failed]
    moments = [at for name, at in bounds.items() if name in failed]
    order = ", then ".join([*(one.name for one in late), "this project"])
    return {"order": order, "earliest": f"{max(moments):%a %Y-%m-%d}" if moments else "not computable"}


def _next(question: Question, day: date) -> date:
    """The first day after `day` on which a deployment to the environment may begin."""
    calendar = question.config.calendar
    window = calendar.windows.get(question.environment)
    for distance in range(1, 366):
        found = day + timedelta(days=distance)
        if calendar.is_working_day(found) and (window is None or found.weekday() in window.days):
            return found
    return day + timedelta(days=1)
