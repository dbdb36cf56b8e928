"""Goes once through a project and tells which kinds of input may lie where nobody could look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.project.patterns import matches
from bbws_readiness.project.project import lies_in
from bbws_readiness.project.terraform_roots import SETTINGS_FOLDERS
from bbws_readiness.reader import Reader, Walk
from bbws_readiness.source import Location, Refused, SourceKind

_INPUTS = {
    "**/*.tf": SourceKind.TERRAFORM,
    "**/*.tf.json": SourceKind.TERRAFORM,
    "**/*.tfvars": SourceKind.TFVARS,
    "**/*.tfvars.json": SourceKind.TFVARS,
    "**/*.schema.json": SourceKind.SCHEMAS,
    ".github/workflows/*": SourceKind.WORKFLOWS,
    "**/*validat*.py": SourceKind.SCRIPT,
    "**/*promotion*": SourceKind.PLAN,
    "readme.md": SourceKind.README,
    "**/terraform": SourceKind.TERRAFORM,
    **{f"**/{folder}": SourceKind.TFVARS for folder in sorted(SETTINGS_FOLDERS)},
    "**/schemas": SourceKind.SCHEMAS,
    ".github": SourceKind.WORKFLOWS,
    ".github/workflows": SourceKind.WORKFLOWS,
    "scripts": SourceKind.SCRIPT,
}
"""What lies behind a name that was passed by, in lower case; the first pattern that matches decides."""

_FILES = {
    "**/*.schema.json": SourceKind.SCHEMAS,
    ".github/workflows/*.yml": SourceKind.WORKFLOWS,
    ".github/workflows/*.yaml": SourceKind.WORKFLOWS,
    "**/*validat*.py": SourceKind.SCRIPT,
    "**/*promotion*.md": SourceKind.PLAN,
}
"""Names that only a file has any business with."""
_ENDINGS = tuple(pattern.rpartition(".")[2] for pattern in _FILES)
"""How all of them end."""

_ANYWHERE = (SourceKind.PLAN, SourceKind.TERRAFORM, SourceKind.TFVARS, SourceKind.SCHEMAS, SourceKind.SCRIPT)
"""Kinds of input that are found in any folder."""
_OWN_AFFAIR = (Code.NESTED_REPOSITORY, Code.NEVER_READ)
"""Why a folder is not entered that is no part of the project unless its name says so."""


class Findings(Struct):
    """What discovery has to tell beside the files."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    unread: dict[SourceKind, Location] = field(default_factory=dict)

    def error(self, summary: str, at: Location, detail: str = "", *, code: Code) -> None:
        """Tell a fault at its place."""
        self.diagnostics.append(Diagnostic(DiagnosticSeverity.ERROR, summary, at, detail, code=code))

    def hidden(self, refused: Refused, kinds: Iterable[SourceKind]) -> None:
        """Tell a refusal as an error, behind which inputs of these kinds may lie."""
        self.diagnostics.append(Diagnostic.of_refusal(refused))
        for kind in kinds:
            self.unread.setdefault(kind, refused.at)


def survey(
    reader: Reader,
    outputs: str,
    configured: Mapping[SourceKind, bool],
    found: Findings,
    *,
    siblings: Sequence[str] = (),
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The paths of the project's files outside of the folder `outputs`, as far as they can be looked at.

    Behind them those in the folders `siblings`, which hold other projects: they are no files of this one.
    `configured` tells of workflows and the README whether readiness.yaml says where they lie; they are found in
    one place otherwise.
    """
    walk = reader.walk()
    others = (outputs, *siblings)
    aside: dict[Code, list[Refused]] = {}
    for refused in walk.refused:
        if _lies_in_one(refused.at.path, others):
            continue
        if kind := kind_of(refused):
            found.hidden(refused, [kind])
        else:
            aside.setdefault(refused.code, []).append(refused)
    for refused in walk.closed:
        if _lies_in_one(refused.at.path, others):
            continue
        kind = kind_of(refused)
        if refused.code not in _OWN_AFFAIR:
            found.hidden(refused, _kinds_below(refused.at.path, configured))
        elif kind:
            found.hidden(refused, [kind])
        else:
            aside.setdefault(refused.code, []).append(refused)
    for folder in walk.folders:
        if not folder.lower().endswith(_ENDINGS):
            continue
        kind = next((kind for pattern, kind in _FILES.items() if matches(folder.lower(), pattern)), None)
        if kind and not _lies_in_one(folder, others) and isinstance(read := reader.read(folder), Refused):
            found.hidden(read, [kind])
    found.diagnostics += (_counted(group) for group in aside.values())
    found.diagnostics += _twins(walk, outputs)
    beside = tuple(path for path in walk.files if not lies_in(path, outputs) and _lies_in_one(path, siblings))
    return tuple(path for path in walk.files if not _lies_in_one(path, others)), beside


def _lies_in_one(path: str, folders: Sequence[str]) -> bool:
    return any(lies_in(path, folder) for folder in folders)


def kind_of(refused: Refused) -> SourceKind | None:
    """The kind of input that may lie behind a name that could not be looked at, or None when it is none by name."""
    path = refused.at.path.lower()
    return next((kind for pattern, kind in _INPUTS.items() if matches(path, pattern)), None)


def _kinds_below(folder: str, configured: Mapping[SourceKind, bool]) -> Iterable[SourceKind]:
    """The kinds of input that may lie in a folder."""
    yield from _ANYWHERE
    top = folder == "."
    if top or configured[SourceKind.WORKFLOWS] or lies_in(folder.lower(), ".github"):
        yield SourceKind.WORKFLOWS
    if top or configured[SourceKind.README]:
        yield SourceKind.README


def _counted(refused: list[Refused]) -> Diagnostic:
    """One warning for all that was passed by for one reason, at the first of them."""
    first = refused[0]
    more = f"; {len(refused) - 1} more like it" if len(refused) > 1 else ""
    return Diagnostic(DiagnosticSeverity.WARNING, first.summary + more, first.at, first.detail, code=first.code)


def _twins(walk: Walk, outputs: str) -> Iterable[Diagnostic]:
    for group in walk.twins:
        if not lies_in(group[0], outputs):
            names = [path.rpartition("/")[2] for path in group]
            # Forms of the same letters look alike, so they are told by their code points.
            shown = [name if name.isascii() else ascii(name)[1:-1] for name in names]
            summary = f"{' and '.join(shown)} differ in case or Unicode form only"
            yield Diagnostic(
                DiagnosticSeverity.WARNING, summary, Location(group[0], 0), "rename one of them", code=Code.TWIN_NAMES
            )
