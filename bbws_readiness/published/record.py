"""The part `published` of the JSON that lies beside the documents: what a run has to know of the runs before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from bbws_readiness.patterns import regex
from bbws_readiness.published.places import Parts
from bbws_readiness.render.frame import Run

if TYPE_CHECKING:
    from bbws_readiness.compare.shape import Shape

KEY = "published"
MAX_RUNS = 1000
"""Earlier runs that are remembered."""
MAX_TICKS = 10_000
MAX_TEXT = 2000
"""Characters of a text of the history."""

_DIGITS = 6
_DIGESTS = regex(rf"(?:[0-9a-f]{{{_DIGITS}}})*")
_TASK_KEY = regex(r"[\w/:. -]{1,300}")


class Written(Struct, frozen=True):
    """One document as a run wrote it."""

    path: str
    """File name in the output directory."""
    sha256: str
    """As `Parts.digest`."""
    lines: tuple[str, ...]
    """As `Parts.digests`."""

    @classmethod
    def of(cls, path: str, parts: Parts) -> Written:
        """What is remembered of a document."""
        return cls(path, parts.digest, parts.digests)

    def is_as_written(self, parts: Parts) -> bool:
        """Whether nobody has changed a line of ours since."""
        return parts.digest == self.sha256


class Record(Struct, frozen=True):
    """What the JSON of an earlier run says about the set beside it. Empty for a first run."""

    history: tuple[Run, ...] = ()
    """Newest first, without the run that wrote it."""
    previous: Mapping[str, Any] | None = None
    """The JSON of the run before it, reduced."""
    ticks: tuple[str, ...] = ()
    """Keys of the boxes that were ticked, ordered."""
    documents: tuple[Written, ...] = ()
    """By path."""

    def document(self, path: str) -> Written | None:
        """What is remembered of the document of that name."""
        return next((one for one in self.documents if one.path == path), None)


def record_of(data: Mapping[str, Any], *, path: str) -> Record:
    """The record in the JSON of an assessment; an empty one where it has none.

    Raises `InvalidAssessment` for one of another shape; `path` names the file in that message.
    """
    from bbws_readiness.compare.shape import Shape

    shape = Shape(data, path=path)
    if not shape.has(KEY):
        return Record()
    shape = shape.object(KEY)
    return Record(
        history=tuple(_run(one) for one in shape.objects("history"))[:MAX_RUNS],
        previous=data[KEY]["previous"] if shape.has("previous") else None,
        ticks=tuple(sorted({key for key in shape.texts("ticks") if _TASK_KEY.fullmatch(key)})[:MAX_TICKS]),
        documents=tuple(_written(one) for one in shape.objects("documents")),
    )


def _run(shape: Shape) -> Run:
    texts = [shape.text(key)[:MAX_TEXT] for key in ("as_of", "commit", "verdict", "score", "change")]
    return Run(*texts)


def _written(shape: Shape) -> Written:
    from bbws_readiness.compare.shape import SHA256

    sha256 = shape.matched("sha256", SHA256, "SHA-256")
    lines = shape.matched("lines", _DIGESTS, "list of short digests")
    return Written(
        shape.text("path"),
        sha256,
        tuple(lines[start : start + _DIGITS] for start in range(0, len(lines), _DIGITS)),
    )


def to_data(record: Record) -> dict[str, Any]:
    """The record as plain data; `record_of` reads it back."""
    return {
        "history": [
            {
                "as_of": run.as_of,
                "commit": run.commit or None,
                "verdict": run.verdict,
                "score": run.score,
                "change": run.change or None,
            }
            for run in record.history
        ],
        "previous": record.previous,
        "ticks": list(record.ticks),
        "documents": [
            {"path": one.path, "sha256": one.sha256, "lines": "".join(one.lines)} for one in record.documents
        ],
    }
