"""Writes the set of documents into the output directory, or says why it does not, for every command that does so."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bbws_readiness.cli.options import moment_of
from bbws_readiness.cli.output import ReaderLeft, complain, progress
from bbws_readiness.codes import Code
from bbws_readiness.errors import NotWritten, UsageError
from bbws_readiness.source import Location

if TYPE_CHECKING:
    from bbws_readiness.assess.assessment import Assessment
    from bbws_readiness.published.edits import Edit
    from bbws_readiness.published.folder import Folder, Listed
    from bbws_readiness.published.publication import Past
    from bbws_readiness.published.result import Publication

DEFAULT_OUTPUT = "deployments"
OUTSIDE = ".."
"""Stands for a place that is not in the project: from there no link leads to its files."""

NOT_WRITTEN = 5
ATTEMPTS = 3
"""How often a set is made anew because somebody, or another run, has changed it in the meantime."""
MAX_SHOWN = 160
"""Characters of a changed line that are shown."""
WAY_OUT = "put it below a task or into a Notes block, or let --force overwrite it"


class Losses:
    """Outputs that could not be written: each is told, and none keeps the others from being tried."""

    def __init__(self) -> None:
        self.exit_code = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """Within it one output is written; that its reader has left is no loss."""
        try:
            yield
        except ReaderLeft:
            return
        except NotWritten as error:
            complain(error.line)
            self.exit_code = error.exit_code


def relative(directory: Path, project: Path) -> str | None:
    """The output directory relative to the project, or None when it lies outside of it."""
    inside, root = os.path.realpath(directory), os.path.realpath(project)
    if os.path.commonpath([inside, root]) != root:
        return None
    return Path(os.path.relpath(inside, root)).as_posix()


def names_of_set(environment: str) -> Callable[[str], bool]:
    """Tells the names that files of an assessment for `environment` can have."""
    from bbws_readiness.published.folder import is_name_of_set

    return lambda name: is_name_of_set(name, environment.strip().lower())


def moment_of_documents(as_of: str | None, directory: Path, project: Path, environment: str) -> datetime:
    """As given, else that of the documents on disk, so that only what the files say can change them."""
    from bbws_readiness.published.folder import moment_on_disk

    if as_of is None and project.is_dir():
        found = moment_on_disk(directory, project=project, environment=environment.strip().lower())
        if found:
            try:
                return moment_of(found)
            except UsageError:
                return moment_of(None)
    return moment_of(as_of)


def prepared(
    assessment: Assessment, directory: Path, project: Path, *, holder: Path | None = None
) -> tuple[Folder, Publication]:
    """What lies in the output directory, and the set that belongs there. What of it cannot be read is told.

    `holder` is the project whose links are not followed on the way, where that is another one.
    """
    from msgspec.structs import replace

    from bbws_readiness.published.folder import Folder
    from bbws_readiness.published.unchanged import KnownSet

    place = relative(directory, project) or OUTSIDE
    listed = _listed(assessment, directory, holder or project)
    known = KnownSet(assessment, place)
    if same := known.unchanged(listed):
        return Folder(listed.files, listed.prefix), same
    past = _past(assessment, listed)
    result = _made(assessment, past, place)
    if not (result.changed or result.edits):
        known.remember(listed, result)
    return replace(past.folder, files=listed.files), result


def _past(assessment: Assessment, listed: Listed) -> Past:
    from bbws_readiness.published.folder import understood
    from bbws_readiness.published.publication import past_of

    return past_of(assessment, understood(listed, assessment.environment))


def _made(assessment: Assessment, past: Past, place: str) -> Publication:
    from bbws_readiness.published.publication import publication

    result = publication(assessment, past, directory=place)
    for warning in result.warnings:
        progress(str(warning))
    return result


def _listed(assessment: Assessment, directory: Path, project: Path) -> Listed:
    from bbws_readiness.published.folder import list_folder

    return list_folder(directory, project=project, environment=assessment.environment, slug=assessment.slug)


def _is_still(listed: Listed, assessment: Assessment, directory: Path, project: Path) -> bool:
    from bbws_readiness.published.folder import is_still

    return is_still(listed.files, directory, project=project, environment=assessment.environment, slug=assessment.slug)


def publish(
    assessment: Assessment, directory: Path, project: Path, *, force: bool, holder: Path | None = None
) -> tuple[list[str], int]:
    """Writes what has changed; gives the paths of the documents as the user can open them, and 0 or 5.

    `holder` is the project whose links are not followed on the way, where that is another one. Nothing of the set is
    written when that would lose what people wrote, unless by `force`; both is told. Raises
    `NotWritten` when a file cannot be written, or when somebody changed one in the meantime.
    """
    from bbws_readiness.published.unchanged import KnownSet
    from bbws_readiness.render.write import write_documents

    place = relative(directory, project) or OUTSIDE
    known = KnownSet(assessment, place)
    for _ in range(ATTEMPTS):
        listed = _listed(assessment, directory, holder or project)
        if same := known.unchanged(listed):
            return _paths(same, directory), 0
        past = _past(assessment, listed)
        listed = listed.with_files(past.folder.files)
        result = _made(assessment, past, place)
        if result.edits:
            tell_edits(result.edits, overwritten=force)
            if not force:
                return [], NOT_WRITTEN
        if result.changed:
            if not _is_still(listed, assessment, directory, holder or project):
                continue
            write_documents(directory, result.changed, project=holder or project)
        known.remember(listed, result, written=result.changed)
        return _paths(result, directory), 0
    what = "the documents change while this run is made"
    raise NotWritten(what, at=Location(directory.name or ".", 0), hint="run it again", code=Code.SET_CHANGED)


def _paths(result: Publication, directory: Path) -> list[str]:
    return [(directory / document.path).as_posix() for document in result.documents]


def tell_edits(edits: tuple[Edit, ...], *, overwritten: bool) -> None:
    """One line per document with the first changed line, and below it the changed lines themselves."""
    for edit in edits:
        if overwritten:
            progress(f"{edit.at}: overwritten, as --force asks: {edit.what}")
        else:
            complain(f"{Code.EDITED}: {edit.at}: {edit.what}; {WAY_OUT}")
        for line in edit.excerpt:
            progress(f"{edit.at.path}:{_short(line)}")


def _short(line: str) -> str:
    return line if len(line) <= MAX_SHOWN else f"{line[: MAX_SHOWN - 1]}…"


def differences(folder: Folder, result: Publication) -> Iterator[tuple[str, str]]:
    """What writing would change: pairs of a line and its role, as `output.paint` takes it."""
    for document in result.changed:
        path = f"{folder.prefix}{document.path}"
        old = folder.text(document.path)
        if old is None:
            state = "is missing" if document.path not in folder.files else "cannot be read"
            yield f"{path} {state}", "heading"
        elif document == result.twin:
            yield f"{path} differs in {', '.join(_keys(old, document.text)) or 'its form'}", "heading"
        else:
            yield from _unified(path, old, document.text)


def _unified(path: str, old: str, new: str) -> Iterator[tuple[str, str]]:
    from difflib import unified_diff

    from bbws_readiness.published.places import lines_of

    roles = {"+": "medium", "-": "critical", "@": "place"}
    before, after = lines_of(old), lines_of(new)
    for position, line in enumerate(unified_diff(before, after, path, path, lineterm="")):
        yield line, "heading" if position < 2 else roles.get(line[:1], "plain")


def _keys(old: str, new: str) -> list[str]:
    """The top keys of two JSON documents under which they differ, in the order of the new one."""
    import json

    try:
        before, after = json.loads(old), json.loads(new)
    except (ValueError, RecursionError):
        return ["everything: it is no JSON"]
    if not isinstance(before, dict):
        return ["everything: it is no assessment"]
    return [key for key in (*after, *(one for one in before if one not in after)) if before.get(key) != after.get(key)]
