"""What functions see of the project: its files, and templates rendered with given names only."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from bbws_readiness.codes import Code
from bbws_readiness.source import EntryKind, Location, Refused, Source, is_text
from bbws_readiness.terraform.addresses import Reference
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.evaluate import Evaluator
from bbws_readiness.terraform.functions.spec import FunctionError, PathPattern, Withheld
from bbws_readiness.terraform.limits import check_elements
from bbws_readiness.terraform.results import FileReader
from bbws_readiness.terraform.scope import Scope
from bbws_readiness.terraform.syntax import parse_template
from bbws_readiness.terraform.values import Value


class ProjectHost:
    """Resolves paths as Terraform does when it is started in the root module's directory."""

    def __init__(self, files: FileReader, root: str) -> None:
        self._files = files
        self._root = root
        self._rendering = False
        self.evaluator: Evaluator | None = None
        """Set once the evaluator exists, which needs the host itself."""

    def read(self, path: str) -> Source | Refused:
        """The file at `path`, relative to the root module."""
        return self._files.read(self._inside(path))

    def exists(self, path: str) -> bool:
        """Whether a regular file lies there. Raises `FunctionError` for a directory, `Withheld` when it is not told."""
        found = self._files.lies_at(self._inside(path))
        if found is EntryKind.FOLDER:
            raise FunctionError("this is a directory, not a file", code=Code.NOT_REGULAR)
        if isinstance(found, Refused) and found.code is not Code.MISSING:
            raise _withheld(found)
        return found is EntryKind.FILE

    def files_below(self, path: str, wanted: PathPattern) -> list[str]:
        """The regular files in and below a folder that are wanted. Raises `Withheld`."""
        found: list[str] = []
        pending = [(self._inside(path), posixpath.normpath(path))]
        while pending:
            folder, shown = pending.pop()
            for name, kind in self._listed(folder).items():
                if not is_text(name):
                    raise _withheld(self._files.read(posixpath.join(folder, name)))
                inside, outside = posixpath.join(folder, name), posixpath.normpath(posixpath.join(shown, name))
                below = kind in (EntryKind.FOLDER, EntryKind.LINK) and wanted.reaches(outside)
                if kind is EntryKind.LINK and (below or wanted.matches(outside)):
                    # What it stands for, a file or a folder, is not looked at, so the list would not be complete.
                    raise _withheld(self._files.read(inside))
                # Nothing that a configuration looks for lies among git's own files.
                if kind is EntryKind.FOLDER and below and name.casefold() != ".git":
                    pending.append((inside, outside))
                elif kind is EntryKind.FILE and wanted.matches(outside):
                    found.append(outside)
                check_elements(len(found) + len(pending))
        return found

    def _listed(self, folder: str) -> Mapping[str, EntryKind]:
        listed = self._files.entries(folder)
        if not isinstance(listed, Refused):
            return listed
        if listed.code is Code.MISSING:
            return {}
        raise _withheld(listed)

    def render(self, source: Source, names: dict[str, Value], at: Location) -> Value:
        """The text of `source` as a template. Raises `Fault`."""
        if self._rendering:
            raise Fault("a template cannot render another template", at, code=Code.TEMPLATE)
        if self.evaluator is None:
            raise Fault("templates cannot be used here", at, code=Code.NOT_HERE)
        self._rendering = True
        try:
            return self.evaluator.evaluate(parse_template(source.text, source.path), Scope(_Nothing(), names))
        finally:
            self._rendering = False

    def _inside(self, path: str) -> str:
        joined = posixpath.normpath(posixpath.join(self._root, path))
        if path.startswith(("/", "~")) or joined.startswith(("../", "/")) or joined == "..":
            raise Withheld("the path leaves the project", code=Code.OUTSIDE)
        return joined


def _withheld(read: Source | Refused) -> Withheld:
    if isinstance(read, Refused):
        return Withheld(f"{read.at.path}: {read.summary}", hint=read.detail, code=read.code)
    return Withheld(f"{read.path}: changed while the project was read", code=Code.CHANGED)


class _Nothing:
    """A resolver for templates, which see only the names they are given."""

    def resolve(self, reference: Reference) -> Value:
        """Always a fault."""
        raise Fault(f"{reference} is not one of the names given to the template", reference.at, code=Code.UNDECLARED)
