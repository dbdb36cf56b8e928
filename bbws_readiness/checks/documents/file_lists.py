"""Whether the files that the README lists are there, and whether it lists those that deploy and validate."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bbws_readiness.checks.unknown import nothing_said, undetermined
from bbws_readiness.checks.wording import amount, listed
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Side
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.readmes import FileTree, Readme
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location, SourceKind

MAX_PATTERNS = 20
"""Entries that stand for several files and are looked at."""
MAX_FORMS = 50
"""Files that one entry with braces stands for."""
LEAST_SHARE = 4
"""One of so many entries of a tree must be there for the tree to be taken for the project's."""
MAX_NEAR = 5
"""Missing paths of which the nearest name is told."""

_WILD = regex(r"[*?{}<>$\[\]]")
_PLACEHOLDER = regex(r"\$?\{[^{},]*\}|<[^<>]*>|\$\w+")
_BRACES = regex(r"\{([^{}]*,[^{}]*)\}")
_FOLDERS = frozenset({"scripts", "terraform", ".github", "environments", "schemas", "promotions"})
"""Folders that a path in running text speaks of even where the project has none of that name."""
_ENDINGS = frozenset(
    {"tf", "tfvars", "hcl", "yml", "yaml", "json", "md", "py", "sh", "toml", "txt", "html", "csv"}
    | {"png", "svg", "jpg", "jpeg", "gif", "drawio", "puml", "pdf"}
)
_SCRIPTS = regex(r"(?:^|/)(?:scripts?|bin)/[^/]+\.(?:py|sh)$")
_WORKFLOWS = regex(r"\.github/workflows/[^/]+\.ya?ml")


class _Tree(Struct, frozen=True):
    """A tree with the paths that it means."""

    base: str
    """The folder that it draws; empty for the project."""
    whole: bool
    """It has one root, so that what is not below it is left out on purpose."""
    entries: Mapping[str, Location]
    folders: frozenset[str]
    """The folders of which it lists something, its base included."""
    open_folders: frozenset[str]
    at: Location

    def lists(self, file: str) -> bool:
        """Whether the file is an entry, or fits one that stands for several."""
        return file in self.entries or any(_fits(file, pattern) for pattern in self.entries if _WILD.search(pattern))

    def asked(self, file: str) -> Location | None:
        """Where the file would have to be listed; None where the tree does not go so far."""
        if self.base and not file.startswith(f"{self.base}/"):
            return None
        folder = posixpath.dirname(file)
        while folder not in self.folders and folder not in self.entries and folder not in ("", self.base):
            folder = posixpath.dirname(folder)
        if folder not in self.folders or folder in self.open_folders or (folder == "" and not self.whole):
            return None
        return self.entries.get(folder, self.at)


class _Files:
    """The files of the project, found by the end of their path, because texts speak of the folder at hand."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._known: set[str] = set()
        for file in model.files:
            names = file.split("/")
            spans = ((start, end) for start in range(len(names)) for end in range(start + 1, len(names) + 1))
            self._known |= {"/".join(names[start:end]) for start, end in spans}

    def has(self, path: str) -> bool:
        """Whether there is such a file or folder, or one that each form of the pattern fits."""
        if not _WILD.search(path):
            return path in self._known
        return all(self._fitted(form) for form in _forms(path))

    def _fitted(self, form: str) -> bool:
        pattern = re.compile(fnmatch.translate(_PLACEHOLDER.sub("*", form)))
        return any(pattern.match(known) for known in self._known)


def stale_file_list(question: Question) -> CheckResult:
    """DOC001: one answer per kind of file that a tree has to list, one per path that is not there, one for the rest.

    A folder without anything below it, and one in which the tree says that there is more, need not be complete. What
    an ignore file covers is made by a run and need not be there.
    """
    model = question.model
    readme = model.readme
    if readme is None:
        return nothing_said(question, [SourceKind.README], "the project has no README")
    if readme.unread:
        unread = Undetermined("the README could not be read", readme.at)
        return CheckResult((undetermined(readme.path, unread),))
    files = _Files(model)
    drawn = [_resolved(files, tree) for tree in readme.trees if tree.drawn]
    trees = [tree for tree in drawn if _is_ours(files, tree)]
    foreign = [_foreign(tree) for tree in drawn if not _is_ours(files, tree)]
    claims = {path: at for tree in trees for path, at in tree.entries.items()}
    claims |= {path: at for path, at in _nested(files, readme) if path not in claims}
    claims |= {path: at for path, at in _text_paths(model, readme) if path not in claims}
    claims = _few_patterns(claims)
    if not claims and foreign:
        return CheckResult(tuple(foreign))
    if not claims:
        return question.not_applicable("the README lists no files", readme.at)
    gone = [path for path, at in claims.items() if not _explained(model, files, path)]
    absent = [_absent(model, path, claims[path], near=number < MAX_NEAR) for number, path in enumerate(gone)]
    observations = [*_listing(model, trees), *absent, *foreign]
    if len(absent) < len(claims):
        values = {"count": amount(len(claims) - len(absent), "path")}
        at = next(at for path, at in claims.items() if path not in gone)
        observations.append(Observation(Outcome.PASS, "listed paths", at, values))
    return CheckResult(tuple(observations))


def _is_ours(files: _Files, tree: _Tree) -> bool:
    """Whether the tree draws this project: it is rooted in a folder of it, or some of its entries are there."""
    there = sum(files.has(path) for path in tree.entries)
    return bool(tree.base) or there * LEAST_SHARE >= len(tree.entries)


def _foreign(tree: _Tree) -> Observation:
    reason = "few of the names in it are there, so that it may draw something else than this project"
    return undetermined(f"the drawing at line {tree.at.line}", Undetermined(reason, tree.at))


def _nested(files: _Files, readme: Readme) -> Iterator[tuple[str, Location]]:
    """The files of nested lists below folders that are there."""
    for tree in readme.trees:
        if not tree.drawn:
            yield from ((one.path, one.at) for one in tree.entries if files.has(one.path.partition("/")[0]))


def _few_patterns(claims: Mapping[str, Location]) -> dict[str, Location]:
    """The claims with no more than `MAX_PATTERNS` that stand for several files."""
    wild = [path for path in claims if _WILD.search(path)]
    return {path: at for path, at in claims.items() if path not in wild[MAX_PATTERNS:]}


def _resolved(files: _Files, tree: FileTree) -> _Tree:
    """The tree with its root taken for the folder of that name where there is one, else for the project."""
    root = tree.roots[0] if len(tree.roots) == 1 else ""
    named = root not in ("", ".")
    # The root of a tree that draws the project is called by the project's name, which is no folder in it.
    base = root if named and files.has(root) else ""
    strip = root if named and not base else ""
    paths = {path: one.at for one in tree.entries if (path := _without(one.path, strip)) and path != base}
    return _Tree(
        base=base,
        whole=len(tree.roots) == 1 and not base,
        entries=paths,
        folders=frozenset({*(posixpath.dirname(path) for path in paths), base}),
        open_folders=frozenset(_without(folder, strip) for folder in tree.open_folders),
        at=tree.at,
    )


def _without(path: str, root: str) -> str:
    if not root:
        return path
    return "" if path == root else path.removeprefix(f"{root}/")


def _text_paths(model: Model, readme: Readme) -> Iterator[tuple[str, Location]]:
    """The paths of the text that speak of this project."""
    tops = {file.partition("/")[0] for file in model.files if "/" in file} | _FOLDERS
    for fact in readme.paths:
        path = fact.get().removeprefix("./").rstrip("/")
        last = posixpath.basename(path)
        known = "/" in path and path.partition("/")[0] in tops
        if known or ("." in last[1:] and last.rpartition(".")[2] in _ENDINGS):
            yield path, fact.at


def _fits(file: str, pattern: str) -> bool:
    return any(fnmatch.fnmatchcase(file, _PLACEHOLDER.sub("*", form)) for form in _forms(pattern))


def _forms(pattern: str) -> list[str]:
    """What `{dev,sit}.tfvars` stands for, the first of very many; anything else for itself."""
    found: list[str] = []
    pending = [pattern]
    while pending and len(found) < MAX_FORMS:
        form = pending.pop(0)
        if braces := _BRACES.search(form):
            pending += [form[: braces.start()] + one + form[braces.end() :] for one in braces[1].split(",")[:MAX_FORMS]]
        else:
            found.append(form)
    return found


def _explained(model: Model, files: _Files, path: str) -> bool:
    """Whether the path is there, or a run makes it."""
    if files.has(path) or any(one.path == path for one in model.written):
        return True
    return bool(model.ignores.rule_for(path) or model.ignores.rule_for(f"{path}/x"))


def _absent(model: Model, path: str, at: Location, *, near: bool) -> Observation:
    """The answer on a path that is not there, or may not be."""
    if _PLACEHOLDER.search(path):
        return undetermined(path, Undetermined("which file its placeholder stands for is not said", at))
    nearest = model.near_path(path) if near else None
    values = {"near": f" (near: {nearest})" if nearest else ""}
    there = Side(SourceKind.FILES, False, f"it is not{values['near']}", ())
    sides = (there, Side(SourceKind.README, True, "it is there", (at,)))
    return Observation(Outcome.FAIL, path, at, values, "a file or folder", "none", sides=sides, wording="absent")


def _listing(model: Model, trees: Sequence[_Tree]) -> Iterator[Observation]:
    """One answer per kind of file of which a tree lists the folder."""
    files = [file for file in model.files if not model.ignores.rule_for(file)]
    kinds = {
        "workflows": [file for file in files if _WORKFLOWS.fullmatch(file)],
        "settings files": [file for file in files if file.endswith((".tfvars", ".tfvars.json"))],
        "scripts": [file for file in files if _is_script(model, file)],
    }
    for noun, found in kinds.items():
        asked = {file: at for file in found for tree in trees if (at := tree.asked(file))}
        named = {file for file in asked if any(tree.lists(file) for tree in trees)}
        if not asked:
            continue
        missing = [file for file in asked if file not in named]
        at = asked[missing[0]] if missing else next(iter(asked.values()))
        values = {
            "listed": str(len(named)),
            "all": amount(len(asked), noun.removesuffix("s")),
            "missing": listed(missing),
        }
        if not missing:
            yield Observation(Outcome.PASS, noun, at, values, wording="complete")
            continue
        actual = f"lists {len(named)} of {len(asked)}"
        unlisted = tuple(Location(file, 0) for file in missing)
        there = Side(SourceKind.FILES, frozenset(asked), f"{listed(missing)} as well", unlisted)
        sides = (there, Side(SourceKind.README, frozenset(named), f"{len(named)} of {values['all']}", (at,)))
        yield Observation(Outcome.FAIL, noun, at, values, f"all {values['all']} listed", actual, sides=sides)


def _is_script(model: Model, file: str) -> bool:
    own = any(script.path == file for script in model.scripts)
    return own or (bool(_SCRIPTS.search(file)) and not file.endswith("/__init__.py"))
