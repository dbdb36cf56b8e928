"""Judges the entries of the decision log, and settles the failures that those in force are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.config import Config
from bbws_readiness.decisions.decided import Claim, Decided, Decisions, Ruling
from bbws_readiness.decisions.entry import Drift, Entry, Reference, State
from bbws_readiness.decisions.evidence import Examination
from bbws_readiness.decisions.notices import notices
from bbws_readiness.decisions.read import Log, is_error_of
from bbws_readiness.decisions.statement import statement
from bbws_readiness.engine.finding import Finding, Outcome, Related
from bbws_readiness.engine.rule import Rule
from bbws_readiness.engine.run import Answer, explain
from bbws_readiness.errors import near_name
from bbws_readiness.model.model import Model

NOT_OF_BASE = "the base does not have it, so it is shown and not applied"
MAX_DRIFTS = 500
"""References to the drift of a document that are judged in one assessment; each of them may be about many findings."""
MAX_TOLD = 3
"""Entries that a finding names because they do not settle it."""
MAX_NAMED = 6
"""Findings that a note names."""
AGAIN = "look at what has changed, then decide anew with `readiness decide`"


class Settled(Struct, frozen=True):
    """The answers with what the decisions settle."""

    answers: tuple[Answer, ...]
    decisions: Decisions


def settle(
    log: Log,
    answers: Sequence[Answer],
    rules: Iterable[Rule],
    model: Model,
    config: Config,
    as_of: date,
    *,
    stands: Callable[[Entry], bool] = lambda entry: True,
) -> Settled:
    """The answers with every failure settled that an entry in force is about, after the waivers.

    `rules` are all there are, switched off or not. `stands` says whether the policy in force has an entry. Of two
    entries in force the earlier one settles. A failure that an entry is about and no longer settles names the entry
    and the reason.
    """
    errors = tuple(one for one in (log.error, *log.faults) if one and is_error_of(log, one))
    if not log.entries:
        return Settled(tuple(answers), Decisions(log.path, (), tuple(notices(log, ())), errors))
    judge = _Judge(answers, rules, Examination(model, config), as_of, stands, model)
    listed = [judge.judged(entry) for entry in log.entries if judge.concerned(entry)]
    listed = [judge.closed(one) for one in listed]
    held = {one.key for one in listed if one.state is State.IN_FORCE}
    settled = explain(_ruled(answers, judge.by, listed), decided=held)
    number = sum(finding.settled_by in held for answer in settled for finding in answer.findings)
    told = tuple(notices(log, listed))
    return Settled(settled, Decisions(log.path, tuple(listed), told, errors, number))


class _Judge:
    def __init__(
        self,
        answers: Sequence[Answer],
        rules: Iterable[Rule],
        examination: Examination,
        as_of: date,
        stands: Callable[[Entry], bool],
        model: Model,
    ) -> None:
        self._examination = examination
        self._as_of = as_of
        self._stands = stands
        self._environment = model.environment
        self._environments = model.environments
        self._found: dict[str, list[Finding]] = {}
        self._drifts: dict[Drift, list[Finding]] = {}
        self._unknown: set[str] = set()
        """Fingerprints of what could not be determined, and codes of its rules."""
        self._rules = {rule.code: rule.slug for rule in rules}
        self._left = MAX_DRIFTS
        for answer in answers:
            for finding in answer.findings:
                if finding.outcome is Outcome.FAIL:
                    self._found.setdefault(finding.fingerprint, []).append(finding)
                    if drift := Drift.of(finding):
                        self._drifts.setdefault(drift, []).append(finding)
                elif finding.outcome is Outcome.UNDETERMINED:
                    self._unknown |= {finding.fingerprint, finding.rule.code}
        self.by: dict[int, str] = {}
        """Which entry settles a finding, by its `id()`; a waiver comes first."""

    def concerned(self, entry: Entry) -> bool:
        """Whether the entry is about this environment, or about none that there is."""
        return not entry.environments or self._environment in entry.environments or bool(self._misnamed(entry))

    def judged(self, entry: Entry) -> Decided:
        """The entry with its state, in the order of the log: an earlier one comes before a later."""
        claims = tuple(Claim(one.claim, one.places) for one in entry.evidence)
        about = [(one, finding) for one in _once(entry.findings) for finding in self._about(one)]
        findings = _unique(finding for _, finding in about)
        if ruling := self._of_entry(entry, findings):
            return Decided(entry, ruling.state, ruling.note, ruling.hint, opens=findings, evidence=claims)
        pending = tuple(one for one in findings if not one.settled_by and id(one) not in self.by)
        if not pending:
            note = self._idle(entry, findings)
            return Decided(entry, State.UNUSED, note, evidence=claims, replaced=bool(findings))
        ruling, claims = self._examination.of(entry, findings)
        if ruling:
            return Decided(entry, ruling.state, ruling.note, ruling.hint, opens=findings, evidence=claims)
        return self._one_by_one(entry, about, findings, claims)

    def _about(self, reference: Reference) -> Sequence[Finding]:
        """The failures that a reference is about, settled or not; none for a drift beyond `MAX_DRIFTS`."""
        if not reference.drift:
            return self._found.get(reference.fingerprint, ())
        self._left -= 1
        return self._drifts.get(reference.drift, ()) if self._left >= 0 else ()

    def closed(self, decided: Decided) -> Decided:
        """The same without the failures that anything settles among those it leaves open."""
        return replace(
            decided, opens=tuple(one for one in decided.opens if not one.settled_by and id(one) not in self.by)
        )

    def _of_entry(self, entry: Entry, findings: Sequence[Finding]) -> Ruling | None:
        """What keeps the entry as a whole out of force, before anything is examined."""
        if entry.fault:
            return Ruling(State.MALFORMED, entry.fault, "correct it; until then it settles nothing")
        if self._environment not in entry.environments:
            name = self._misnamed(entry)
            near = near_name(name, self._environments)
            hint = f"did you mean {near}?" if near else f"there are {', '.join(self._environments)}"
            return Ruling(State.MALFORMED, f'there is no environment "{name}"', hint)
        if self._left < 0 and any(one.drift for one in entry.findings):
            note = f"more than {MAX_DRIFTS} drifts of documents would have to be judged"
            return Ruling(State.REFUSED, note, "begin a new log with those in force")
        if ruling := self._misruled(entry):
            return ruling
        if not self._stands(entry):
            return Ruling(State.REFUSED, NOT_OF_BASE, "let an owner of the policy merge it first")
        if entry.on and entry.on > self._as_of:
            return Ruling(State.REFUSED, f"it is dated {entry.on}, after the day of this assessment", "")
        if entry.until and entry.last_day is None:
            note = "its last day cannot be read, so it counts as expired"
            return Ruling(State.EXPIRED, note, "decide anew with a last day such as 2026-03-31")
        if entry.last_day and entry.last_day < self._as_of:
            hint = "mend what it covered, or decide anew with `readiness decide`" if findings else ""
            return Ruling(State.EXPIRED, f"its last day was {entry.last_day:%a %Y-%m-%d}", hint)
        return None

    def _misnamed(self, entry: Entry) -> str:
        return next((name for name in entry.environments if name not in self._environments), "")

    def _misruled(self, entry: Entry) -> Ruling | None:
        """What comes of an entry on the drift of a document under a rule that there is not."""
        for one in entry.findings:
            if one.drift and one.rule not in self._rules:
                names = {name.lower(): code for code, slug in self._rules.items() for name in (slug, code)}
                near = near_name(one.rule.lower(), list(names))
                hint = f"did you mean {names[near]}?" if near else "`readiness rules` lists those that there are"
                return Ruling(State.MALFORMED, f'there is no rule "{one.rule}"', hint)
        return None

    def _idle(self, entry: Entry, findings: Sequence[Finding]) -> str:
        """Why an entry has nothing to settle."""
        if findings:
            by = dict.fromkeys(one.settled_by or self.by[id(one)] for one in findings)
            return f"what it is about is settled by {', '.join(by)}"
        if any((one.rule if one.drift else one.fingerprint) in self._unknown for one in entry.findings):
            return "what it is about cannot be told from the files now, and only failures can be settled"
        drifts = [str(one.drift) for one in entry.findings if one.drift]
        if len(drifts) == len(entry.findings):
            return f"there is no drift {' or '.join(dict.fromkeys(drifts))} any more"
        named = {(one.rule, one.subject) for one in entry.findings}
        others = dict.fromkeys(label(one) for one in self._open() if (one.rule.code, one.subject) in named)
        if others:
            told = ", ".join([*others][:MAX_NAMED])
            return f"what it was about has changed: open now is another finding on {told}; mend it or decide anew"
        return "nothing that it is about fails any more"

    def _open(self) -> Iterator[Finding]:
        """The failures that nothing has settled so far."""
        for found in self._found.values():
            yield from (one for one in found if not one.settled_by and id(one) not in self.by)

    def _one_by_one(
        self,
        entry: Entry,
        about: Sequence[tuple[Reference, Finding]],
        findings: tuple[Finding, ...],
        claims: tuple[Claim, ...],
    ) -> Decided:
        """Each finding by what it states; the entry is in force when it settles any of them."""
        references: dict[int, list[Reference]] = {}
        for reference, one in about:
            references.setdefault(id(one), []).append(reference)
        rulings = {id(one): self._of_finding(one, references[id(one)]) for one in findings}
        settles = []
        for one in findings:
            if rulings[id(one)].state is State.IN_FORCE and not one.settled_by and id(one) not in self.by:
                self.by[id(one)] = entry.id
                settles.append(one)
        left = tuple(one for one in findings if rulings[id(one)].state is not State.IN_FORCE)
        told = tuple(dict.fromkeys(f"{label(one)}: {rulings[id(one)].note}" for one in left))
        hint = next((rulings[id(one)].hint for one in left), "")
        met = {ref.fingerprint or ref.drift for ref, _ in about}
        gone = len({one.fingerprint or one.drift for one in entry.findings} - met)
        if gone:
            told = (*told, f"{gone} of the findings {'fail' if gone > 1 else 'fails'} no more")
        states = [rulings[id(one)].state for one in left]
        state = State.IN_FORCE if settles else next(one for one in (State.VOID, State.REFUSED) if one in states)
        return Decided(entry, state, "; ".join(told), hint, tuple(settles), left, claims)

    @staticmethod
    def _of_finding(finding: Finding, references: Sequence[Reference]) -> Ruling:
        if not finding.rule.decidable:
            return Ruling(State.REFUSED, "this rule cannot be settled", "mend what it finds")
        if any(one.drift for one in references):
            return Ruling(State.IN_FORCE)
        if statement(finding) not in {one.statement for one in references}:
            return Ruling(State.VOID, "what it states has changed since it was decided", AGAIN)
        return Ruling(State.IN_FORCE)


def label(finding: Finding) -> str:
    """`TBL001 orders`, as notices name a finding."""
    return f"{finding.rule.code} {finding.subject}"


def _once(references: Sequence[Reference]) -> Iterator[Reference]:
    """The references without those that repeat the drift of a document."""
    drifts: set[Drift] = set()
    for one in references:
        if one.drift not in drifts:
            yield one
        if one.drift:
            drifts.add(one.drift)


def _unique(findings: Iterator[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted({id(one): one for one in findings}.values(), key=lambda one: one.order))


def _ruled(answers: Sequence[Answer], by: Mapping[int, str], listed: Sequence[Decided]) -> Iterator[Answer]:
    """The answers with what is settled, and with the reason where an entry no longer settles."""
    lost: dict[int, list[Decided]] = {}
    for decided in listed:
        for finding in decided.opens:
            told = lost.setdefault(id(finding), [])
            if len(told) < MAX_TOLD:
                told.append(decided)
    for answer in answers:
        yield replace(answer, findings=tuple(_marked(one, by, lost.get(id(one), ())) for one in answer.findings))


def _marked(finding: Finding, by: Mapping[int, str], lost: Sequence[Decided]) -> Finding:
    if key := by.get(id(finding)):
        return replace(finding, settled_by=key)
    if not lost:
        return finding
    told = tuple(
        Related(one.entry.at, f"decision {one.key or 'here'} does not settle it ({one.state}): {one.note}")
        for one in lost
    )
    return replace(finding, related=(*finding.related, *told))
