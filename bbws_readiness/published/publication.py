"""Makes the set that a run publishes: its documents with what people wrote, and a JSON that remembers both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.compare.changes import Changes
from bbws_readiness.compare.compare import compare
from bbws_readiness.compare.read import reduced, snapshot_of
from bbws_readiness.compare.snapshot import Snapshot
from bbws_readiness.errors import Diagnostic, ReadinessError
from bbws_readiness.published.edits import Edit, edit_of
from bbws_readiness.published.folder import Folder, unread
from bbws_readiness.published.people import People, gathered
from bbws_readiness.published.places import Parts, is_blank, lines_of, parts_of
from bbws_readiness.published.record import MAX_RUNS, MAX_TICKS, Record, Written, to_data
from bbws_readiness.published.weave import woven
from bbws_readiness.render import wording
from bbws_readiness.render.documents import DOCUMENTS, NOTICE, Document, documents_of, render_documents
from bbws_readiness.render.frame import Run, Surroundings
from bbws_readiness.render.history import run_of
from bbws_readiness.render.machine import assessment_document, to_json
from bbws_readiness.source import Location, Refused, Source

HOME = "action_items"
"""Key of the document in which notes live."""
SUPERSEDED = "> **SUPERSEDED**"
"""How the first line of a document begins that is not part of the set any more."""


@dataclass(frozen=True, slots=True)
class Publication:
    """The set as it is to be, held against what lies in the folder."""

    documents: tuple[Document, ...]
    """Of this run, in the order of the set, without the JSON."""
    twin: Document
    """The JSON."""
    superseded: tuple[Document, ...]
    """Documents that this run does not write, each with a first line that says so."""
    changed: tuple[Document, ...]
    """All that differ from the folder, in the order in which they have to take their places: the home of notes first,
    because notes move there, and the JSON last, so that a set of which only a part was replaced can be told."""
    edits: tuple[Edit, ...]
    """What would be lost."""
    warnings: tuple[Diagnostic, ...]


def publication(assessment: Assessment, folder: Folder, *, directory: str) -> Publication:
    """The set of one run. The same assessment over the same folder gives the same set, and over its own set too.

    `directory` is where it lies relative to the project root, or `..` when that is outside. Raises nothing for what
    the folder holds: what cannot be understood is in `warnings`.
    """
    # What a run was held against is no part of the set: it is the same with every baseline, and without one.
    assessment = replace(assessment, baseline=None)
    warnings = list(folder.warnings)
    past = _past(assessment, folder, warnings)
    surroundings = Surroundings(past.history, past.changes, _not_written(assessment, folder, past.changes))
    rendered = render_documents(assessment, directory=directory, surroundings=surroundings)
    on_disk = {name: parts_of(read.text) for name, read in folder.files.items() if isinstance(read, Source)}
    home = _home(assessment)
    names = {document.path for document in rendered}
    mine = {name: parts for name, parts in on_disk.items() if name in names}
    people = gathered(home, mine, folder.record.ticks)
    still_found = _still_found(assessment)
    documents = tuple(
        Document(one.path, woven(one.text, people, is_home=one.path == home, still_found=still_found))
        for one in rendered
    )
    superseded = tuple(_superseded(assessment, folder, name) for name in surroundings.superseded)
    record = _record(past, people, documents, superseded, folder)
    twin = assessment_document(assessment, published=to_data(record))
    ordered = sorted(documents, key=lambda one: one.path != home)
    changed = tuple(one for one in (*ordered, *superseded, twin) if not is_current(one, folder))
    return Publication(
        documents, twin, superseded, changed, tuple(_edits(documents, superseded, folder, on_disk)), tuple(warnings)
    )


def is_current(document: Document, folder: Folder) -> bool:
    """Whether the folder holds the document already; line ends and blank lines, which git and editors alter, apart."""
    text = folder.text(document.path)
    return text is not None and _shown(text) == _shown(document.text)


def _shown(text: str) -> list[str]:
    return [line for line in lines_of(text) if not is_blank(line)]


def _home(assessment: Assessment) -> str:
    return next(kind.file_name(assessment) for kind in DOCUMENTS if kind.key == HOME)


@dataclass(frozen=True, slots=True)
class _Past:
    history: tuple[Run, ...]
    previous: Mapping[str, Any] | None
    changes: Changes | None


def _past(assessment: Assessment, folder: Folder, warnings: list[Diagnostic]) -> _Past:
    """The runs before this one. A run whose assessment is that on disk is the same run: it has the same past."""
    if folder.data is None:
        return _Past((), None, None)
    data = json.loads(to_json(assessment))
    record, now = folder.record, snapshot_of(data)
    try:
        latest = now if folder.data == data else snapshot_of(folder.data, path=folder.twin)
        before = reduced(folder.data)
        changes = compare(latest, now)
    except ReadinessError as error:
        warnings.append(unread(error.at or Location(folder.twin, 0), error.message))
        return _Past(record.history, None, None)
    older, made = _before(latest, folder, warnings)
    if folder.data == data:
        return _Past(record.history, older, made)
    return _Past((run_of(latest, made), *record.history)[:MAX_RUNS], before, changes)


def _before(
    latest: Snapshot, folder: Folder, warnings: list[Diagnostic]
) -> tuple[Mapping[str, Any] | None, Changes | None]:
    """The run before that on disk, and what that one changed."""
    previous = folder.record.previous
    if previous is None:
        return None, None
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
    past: _Past, people: People, documents: Sequence[Document], superseded: Sequence[Document], folder: Folder
) -> Record:
    written = [Written.of(one.path, parts_of(one.text)) for one in (*documents, *superseded)]
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


def _edits(
    documents: Sequence[Document], superseded: Sequence[Document], folder: Folder, on_disk: Mapping[str, Parts]
) -> Iterator[Edit]:
    """What people changed outside their places in documents that would be replaced."""
    if folder.refused:
        yield Edit(folder.refused.at, f"what lies in it cannot be looked at: {folder.refused.summary}")
    for document in (*documents, *superseded):
        read = folder.files.get(document.path)
        if isinstance(read, Refused):
            yield Edit(read.at, f"cannot be read, so nobody can tell what it holds: {read.summary}")
        elif read is not None and not is_current(document, folder):
            parts, ours = on_disk[document.path], parts_of(document.text)
            records = [one for record in (folder.record, *folder.pending) if (one := record.document(document.path))]
            if parts.ours and parts.digest != ours.digest and not any(one.is_as_written(parts) for one in records):
                known = {line.digest: line.text for line in ours.ours}
                yield edit_of(read.path, parts, records[0] if records else None, known=known)
