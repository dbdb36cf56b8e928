"""Whether the commands of plan and README work on every reader's machine."""

from __future__ import annotations

from collections.abc import Iterator

from bbws_readiness.checks.commands.said import Said, answered, said_commands
from bbws_readiness.checks.parameters import texts
from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.wording import amount
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.source import Location, SourceKind

_COUNTERPARTS = (
    frozenset({"date -d", "date -v"}),
    frozenset({"date -d", "date -j"}),
    frozenset({"sed -i", "sed -i ''"}),
    frozenset({"stat -c", "stat -f"}),
    frozenset({"base64 -w", "base64 -D"}),
)
"""Forms of two platforms: where one line holds both, it serves both."""
PORTABLE = {
    **dict.fromkeys(("date -d", "date -v", "date -j"), "python3 -c with datetime.timedelta"),
    **dict.fromkeys(("sed -i", "sed -i ''"), "sed -i.bak, which both take"),
    **dict.fromkeys(("stat -c", "stat -f"), "python3 -c with os.stat"),
    "base64 -w": "base64 | tr -d '\\n'",
    "base64 -D": "base64 --decode",
    "grep -P": "grep -E",
    "home path": "a path from the root of the repository",
}
"""What to write instead, by form."""
_ASKS_PLATFORM = ("uname", "OSTYPE")


def platform_bound_command(question: Question) -> CheckResult:
    """CMD005: one answer per document and form, or one for the document where it has none."""
    return answered(question, _answers(question), "neither plan nor README has commands")


def _answers(question: Question) -> Iterator[Observation]:
    forms = frozenset(texts(question, "forms"))
    spoken = said_commands(question.model)
    lines: dict[Location, set[str]] = {}
    for said in spoken:
        lines.setdefault(said.command.at, set()).update(said.command.forms)
    clean: dict[SourceKind, Said] = {}
    bound: set[SourceKind] = set()
    asked: dict[SourceKind, Location] = {}
    for said in spoken:
        clean.setdefault(said.kind, said)
        if any(sign in said.command.text for sign in _ASKS_PLATFORM):
            asked.setdefault(said.kind, said.command.at)
        for form in said.command.forms:
            if form in forms and not _served(form, lines[said.command.at]):
                bound.add(said.kind)
                yield _answer(said, form, asked.get(said.kind))
    for kind, said in clean.items():
        if kind not in bound:
            values = {"document": str(kind), "count": amount(len(said.commands), "command")}
            yield Observation(Outcome.PASS, f"{kind}: commands", said.command.at, values)


def _served(form: str, there: set[str]) -> bool:
    return any(form in pair and pair <= there for pair in _COUNTERPARTS)


def _answer(said: Said, form: str, asked: Location | None) -> Observation:
    subject, at = f"{said.kind}: {form}", said.command.at
    if asked:
        reason = f"it may run on its own platform only, which line {asked.line} asks for"
        return undetermined(subject, Undetermined(reason, at))
    values = {"where": said.where, "form": form}
    return Observation(Outcome.FAIL, subject, at, values, PORTABLE.get(form, "a portable form"), form)
