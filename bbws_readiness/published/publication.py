"""Makes the set that a run publishes: its documents with what people wrote, and a JSON that remembers both."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.errors import Diagnostic, ReadinessError
from bbws_readiness.published.folder import Folder, unread
from bbws_readiness.published.people import People, gathered
from bbws_readiness.published.places import Parts, is_blank, parts_of
from bbws_readiness.published.record import MAX_RUNS, MAX_TICKS, Record, Written, to_data
from bbws_readiness.published.result import Publication
from bbws_readiness.published.weave import woven
from bbws_readiness.render import wording
from bbws_readiness.render.documents import DOCUMENTS, NOTICE, Document, documents_of, render_documents
from bbws_readiness.render.encode.json import to_json
from bbws_readiness.render.frame import LongDocument, Run, Surroundings
from bbws_readiness.render.machine import assessment_document, disclosed_data
from bbws_readiness.source import Location, Refused, Source

if TYPE_CHECKING:
    from bbws_readiness.compare.changes import Changes
    from bbws_readiness.compare.snapshot import Snapshot
    from bbws_readiness.published.edits import Edit

HOME = "action_items"
"""Key of the document in which notes live."""
SUPERSEDED = "> **SUPERSEDED**"
"""How the first line of a document begins that is not part of the set any more."""


class Past(Struct, frozen=True):
    """What lies in the folder, and what a run has to know of the runs before it."""

    folder: Folder
    """Without the JSON of the earlier run, and without its text where this run replaces it: both are large."""
    data: Mapping[str, Any] | None = None
    """The JSON of this run, where it was needed to tell the runs apart."""
    history: tuple[Run, ...] = ()
    previous: Mapping[str, Any] | None = None
    changes: Changes | None = None
    warnings: tuple[Diagnostic, ...] = ()


def past_of(assessment: Assessment, folder: Folder) -> Past:
    """The runs before this one. A run whose assessment is that on disk is the same run: it has the same past.

    Raises nothing for what the folder holds: what cannot be understood is in `warnings`.
    """
    warnings = list(folder.warnings)
    rest = replace(folder, data=None)
    if folder.data is None:
        return Past(rest, warnings=folder.warnings)
    data = disclosed_data(_by_itself(assessment))
    same = _as_on_disk(data, folder.data)
    if same is not None:
        return Past(rest, data, *_before_same(same, folder, warnings), tuple(warnings))
    before = _before_another(data, folder.data, folder, warnings)
    return Past(rest.without_twin_text(), data, *before, tuple(warnings))


def _by_itself(assessment: Assessment) -> Assessment:
    """What a run was held against is no part of the set: it is the same with every baseline, and without one."""
    return replace(assessment, baseline=None)


def publication(assessment: Assessment, past: Past, *, directory: str) -> Publication:
    """The set of one run. The same assessment over the same folder gives the same set, and over its own set too.

    `directory` is where it lies relative to the project root, or `..` when that is outside. Raises nothing for what
    the folder holds.
    """
    assessment = _by_itself(assessment)
    folder = past.folder
    surroundings = Surroundings(past.history, past.changes, _not_written(assessment, folder, past.changes))
    rendered = render_documents(assessment, directory=directory, surroundings=surroundings)
    taken_apart = cache(parts_of)
    home = _home(assessment)
    mine = {one.path: taken_apart(text) for one in rendered if (text := folder.text(one.path)) is not None}
    people = gathered(home, mine, folder.record.ticks)
    still_found = _still_found(assessment)
    documents = tuple(
        Document(one.path, woven(one.text, people, is_home=one.path == home, still_found=still_found))
        for one in rendered
    )
    superseded = tuple(_superseded(assessment, folder, name) for name in surroundings.superseded)
    # The lines of a set take several times its memory: only of what lies there already they are asked for again.
    written = tuple(
        Written.of(one.path, (taken_apart if one.path in folder.files else parts_of)(one.text))
        for one in (*documents, *superseded)
    )
    record = _record(past, people, written, superseded, folder)
    twin = assessment_document(assessment, data=past.data, published=to_data(record))
    ordered = sorted(documents, key=lambda one: one.path != home)
    whole: tuple[Document | LongDocument, ...] = (*ordered, *superseded, twin)
    changed = tuple(one for one in whole if not is_current(one, folder))
    edits = tuple(_edits((*documents, *superseded), folder, taken_apart))
    return Publication(documents, twin, superseded, changed, edits, past.warnings)


def is_current(document: Document | LongDocument, folder: Folder) -> bool:
    """Whether the folder holds the document already; line ends and blank lines, which git and editors alter, apart."""
    text = folder.text(document.path)
    if text is None or _has_text(document, text):
        return text is not None
    lying = _shown(Document(document.path, text).pieces())
    return all(one == other for one, other in zip_longest(lying, _shown(document.pieces())))


def _has_text(document: Document | LongDocument, text: str) -> bool:
    position = 0
    for piece in document.pieces():
        if not text.startswith(piece, position):
            return False
        position += len(piece)
    return position == len(text)


def _shown(pieces: Iterable[str]) -> Iterator[str]:
    """The lines that show something, a piece at a time: a list of all takes many times the memory of a large text."""
    rest = ""
    for piece in pieces:
        *lines, rest = (rest + piece).split("\n")
        yield from (line for one in lines if not is_blank(line := one.removesuffix("\r")))
    if not is_blank(rest):
        yield rest.removesuffix("\r")


def _home(assessment: Assessment) -> str:
    return next(kind.file_name(assessment) for kind in DOCUMENTS if kind.key == HOME)


_Before: TypeAlias = "tuple[tuple[Run, ...], Mapping[str, Any] | None, Changes | None]"
"""History, previous run and changes, as in `Past`."""


def _as_on_disk(data: Mapping[str, Any], on_disk: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The JSON of this run as it reads back, when it is that on disk."""
    if on_disk.get("as_of") != data["as_of"]:
        return None
    if on_disk == data:
        return data
    # Two halves of a pair read back as one character, so what differs is looked at again as a file would hold it.
    read_back: Mapping[str, Any] = json.loads(to_json(data))
    return read_back if on_disk == read_back else None


def _before_same(data: Mapping[str, Any], folder: Folder, warnings: list[Diagnostic]) -> _Before:
    """The assessment on disk is this one."""
    if folder.record.previous is None:
        return folder.record.history, None, None
    from bbws_readiness.compare.read import snapshot_of

    return folder.record.history, *_before(snapshot_of(data), folder, warnings)


def _before_another(
    data: Mapping[str, Any], on_disk: Mapping[str, Any], folder: Folder, warnings: list[Diagnostic]
) -> _Before:
    """The assessment on disk is the run before this one."""
    from bbws_readiness.compare.compare import compare
    from bbws_readiness.compare.read import reduced, snapshot_of
    from bbws_readiness.render.history import run_of

    record = folder.record
    now = snapshot_of(data)
    try:
        latest = snapshot_of(on_disk, path=folder.twin)
        changes = compare(latest, now)
    except ReadinessError as error:
        warnings.append(unread(error.at or Location(folder.twin, 0), error.message))
        return record.history, None, None
    _, made = _before(latest, folder, warnings)
    return (run_of(latest, made), *record.history)[:MAX_RUNS], reduced(latest), changes


def _before(
    latest: Snapshot, folder: Folder, warnings: list[Diagnostic]
) -> tuple[Mapping[str, Any] | None, Changes | None]:
    """The run before that on disk, and what that one changed."""
    previous = folder.record.previous
    if previous is None:
        return None, None
    from bbws_readiness.compare.compare import compare
    from bbws_readiness.compare.read import snapshot_of

    try:
        return previous, compare(snapshot_of(previous, path=folder.twin), latest)
    except ReadinessError as error:
        warnings.append(unread(error.at or Location(folder.twin, 0), error.message))
        return None, None


def _not_written(assessment: Assessment, folder: Folder, changes: Changes | None) -> tuple[str, ...]:
    """The documents in the folder that an earlier run wrote and this one does not, by name.

    A notice is one also when no record tells who wrote it: an old verdict would stand in it as the current one.
    """
    written = {kind.file_name(assessment) for kind in documents_of(Surroundings(changes=changes))}
    recorded = {one.path for record in (folder.record, *folder.pending) for one in record.documents}
    recorded.add(NOTICE.file_name(assessment))
    left = (name for name, read in folder.files.items() if isinstance(read, Source) and name in recorded - written)
    return tuple(sorted(left))


def _superseded(assessment: Assessment, folder: Folder, name: str) -> Document:
    """The document as it lies there, below a line that says what it is."""
    text = folder.text(name) or ""
    if text.startswith(SUPERSEDED):
        return Document(name, text)
    index = DOCUMENTS[-1].file_name(assessment)
    when = wording.as_of(assessment.as_of)
    where = f"the current documents are in [{index}]({index})."
    banner = f"{SUPERSEDED} by the run of {when}, which does not write this document; {where}"
    return Document(name, f"{banner}\n\n{text}")


def _still_found(assessment: Assessment) -> frozenset[str]:
    """The keys of the boxes of actions that something still asks for."""
    found = set()
    for action in assessment.actions:
        if action.issues or action.decision or action.edits:
            found.add(f"action/{action.key}")
            found.update(f"{action.key}/{task.key}" for task in action.tasks)
    return frozenset(found)


def _record(
    past: Past, people: People, written: Sequence[Written], superseded: Sequence[Document], folder: Folder
) -> Record:
    kept = {
        one.path: remembered
        for one in superseded
        if is_current(one, folder) and (remembered := folder.record.document(one.path))
    }
    return Record(
        past.history,
        past.previous,
        tuple(sorted(people.ticks))[:MAX_TICKS],
        tuple(sorted((kept.get(one.path, one) for one in written), key=lambda one: one.path)),
    )


def _edits(documents: Sequence[Document], folder: Folder, taken_apart: Callable[[str], Parts]) -> Iterator[Edit]:
    """What people changed outside their places in documents that would be replaced."""
    from bbws_readiness.published.edits import Edit, edit_of

    if folder.refused:
        yield Edit(folder.refused.at, f"what lies in it cannot be looked at: {folder.refused.summary}")
    for document in documents:
        read = folder.files.get(document.path)
        if isinstance(read, Refused):
            yield Edit(read.at, f"cannot be read, so nobody can tell what it holds: {read.summary}")
        elif read is not None and not is_current(document, folder):
            parts, ours = taken_apart(read.text), taken_apart(document.text)
            records = [one for record in (folder.record, *folder.pending) if (one := record.document(document.path))]
            if parts.ours and parts.digest != ours.digest and not any(one.is_as_written(parts) for one in records):
                known = dict(zip(ours.digests, (line.text for line in ours.ours), strict=True))
                yield edit_of(read.path, parts, records[0] if records else None, known=known)
