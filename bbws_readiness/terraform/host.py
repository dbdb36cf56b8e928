"""What functions see of the project: its files, and templates rendered with given names only."""

from __future__ import annotations

import posixpath

from bbws_readiness.source import Location, Refused, Source
from bbws_readiness.terraform.addresses import Reference
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.evaluate import Evaluator
from bbws_readiness.terraform.functions.spec import FunctionError, NotEvaluated
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
        """Whether a regular file lies there. Raises `FunctionError` for a path outside the project."""
        inside = self._inside(path)
        if self._files.is_directory(inside):
            raise FunctionError("this is a directory, not a file")
        return self._files.exists(inside)

    def files_below(self, path: str) -> list[str]:
        """All regular files in and below a folder. Raises `FunctionError` and `NotEvaluated`."""
        top = self._inside(path)
        # What lies behind a link is not looked at, so the list would not be complete.
        if any(
            link == top or top in ("", ".") or link.startswith(f"{top}/") for link in getattr(self._files, "links", ())
        ):
            raise NotEvaluated("there is a symbolic link among the files, which is not followed")
        found: list[str] = []
        pending = [(top, posixpath.normpath(path))]
        while pending:
            folder, shown = pending.pop()
            for name in self._files.listdir(folder):
                inside, outside = posixpath.join(folder, name), posixpath.normpath(posixpath.join(shown, name))
                if self._files.is_directory(inside):
                    pending.append((inside, outside))
                elif self._files.exists(inside):
                    found.append(outside)
                check_elements(len(found) + len(pending))
        return found

    def render(self, source: Source, names: dict[str, Value], at: Location) -> Value:
        """The text of `source` as a template. Raises `Fault`."""
        if self._rendering:
            raise Fault("a template cannot render another template", at)
        if self.evaluator is None:
            raise Fault("templates cannot be used here", at)
        self._rendering = True
        try:
            return self.evaluator.evaluate(parse_template(source.text, source.path), Scope(_Nothing(), names))
        finally:
            self._rendering = False

    def _inside(self, path: str) -> str:
        joined = posixpath.normpath(posixpath.join(self._root, path))
        if path.startswith(("/", "~")) or joined.startswith(("../", "/")) or joined == "..":
            raise FunctionError("the path leaves the project")
        return joined


class _Nothing:
    """A resolver for templates, which see only the names they are given."""

    def resolve(self, reference: Reference) -> Value:
        """Always a fault."""
        raise Fault(f"{reference} is not one of the names given to the template", reference.at)
