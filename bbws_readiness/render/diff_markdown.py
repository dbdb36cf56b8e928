"""What differs between two assessments as Markdown, for a comment or a document."""

from __future__ import annotations

from collections.abc import Iterator

from bbws_readiness.compare.changes import Changes, IssueChange, Kind
from bbws_readiness.render import diff_words
from bbws_readiness.render.encode.markdown import Markdown, bullets, code, say, table

POINTS = frozenset({0})
"""The columns that hold points."""


def diff_markdown(changes: Changes) -> str:
    """The whole text, ending in a newline."""
    return "\n\n".join(_parts(changes)) + "\n"


def _parts(changes: Changes) -> Iterator[Markdown]:
    yield say("## Readiness for {}: {}", changes.after.environment.upper(), diff_words.verdicts(changes))
    yield say("{}. {}. {}.", diff_words.runs(changes), diff_words.score(changes), diff_words.coverage(changes))
    if not changes.differs:
        yield Markdown("Both assessments say the same.")
    for kind in diff_words.TOLD:
        if listed := changes.of(kind):
            yield say("### {} ({})", kind.value.capitalize(), len(listed))
            yield table(("Points", "Issue", "Priority", "What it says", "Why"), map(_row, listed), right=POINTS)
    if listed := changes.of(Kind.UNCHANGED):
        yield say("### Unchanged ({})", len(listed))
        yield bullets(map(_unchanged, listed))
    if told := list(diff_words.causes(changes)):
        yield Markdown("### What differs beside the findings")
        yield bullets(say("{}: {}", cause, text) for cause, text in told)


def _row(change: IssueChange) -> tuple[object, ...]:
    return (
        diff_words.signed(change.points),
        code(diff_words.name(change)),
        diff_words.priority(change),
        diff_words.title(change),
        change.why,
    )


def _unchanged(change: IssueChange) -> Markdown:
    told = say("{} {}: {}", code(diff_words.name(change)), diff_words.priority(change), diff_words.title(change))
    return say("{} ({})", told, change.why) if change.why else told
