"""Finds the folders that could be the Terraform root, with the tfvars of each environment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.patterns import regex
from bbws_readiness.project.environments import WELL_KNOWN
from bbws_readiness.project.patterns import matches
from bbws_readiness.reader import Reader
from bbws_readiness.source import Location, Source

SETTINGS_FOLDERS = frozenset({"environments", "environment", "envs", "env", "tfvars", "vars", "config"})
"""Folders whose tfvars are named for environments, beside or below a Terraform root."""

NOT_ENVIRONMENTS = frozenset(
    {"base", "common", "default", "defaults", "example", "global", "local", "sample", "secrets", "shared", "template"}
    | {"values", "variables", "vars"}
)
"""Names of tfvars files that are meant for all environments, or for none."""

ENVIRONMENT_FOLDERS = frozenset({"environments", "environment", "envs", "env", "live", "stages"})
"""Folders whose subfolders with Terraform files are named for environments."""

ASIDE_FOLDERS = frozenset({"modules", "examples", "example", "test", "tests"})
"""Folders whose Terraform is not what a project deploys, unless there is no other."""

_TFVARS = (".tfvars", ".tfvars.json")
_USUAL = frozenset({"terraform.tfvars", "terraform.tfvars.json"})
_AUTOMATIC = (".auto.tfvars", ".auto.tfvars.json")
_ROOT_MARK = regex(r'^[ \t]*(?:backend[ \t]+"|cloud[ \t]*\{|provider[ \t]+")', re.MULTILINE)
_MARKING = ("backend", "cloud", "provider")
_LOCAL_MODULE = regex(r'^[ \t]*source[ \t]*=[ \t]*"(\.{1,2}/[^"$]{0,200})"', re.MULTILINE)


class Work(Struct, frozen=True):
    """A line of a workflow that works in a folder."""

    pattern: str
    """The folder, with `*` for what an expression leaves open."""
    at: Location
    environments: tuple[str, ...] = ()
    """The environments that the workflow's file is named for."""


class TerraformRoot(Struct, frozen=True):
    """One folder with Terraform files of its own, and the tfvars that go with it."""

    directory: str
    """Empty for the project folder itself."""
    files: tuple[str, ...]
    lock_file: str | None = None
    shared_var_files: tuple[str, ...] = ()
    """What Terraform takes up by itself, in its order: `terraform.tfvars`, then `*.auto.tfvars`."""
    environment_files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Per environment the tfvars named for it, the one that is used first."""
    works: tuple[Work, ...] = ()
    """Where workflows work in this folder."""
    environment: str = ""
    """The environment that the folder is named for; empty when it may serve every one."""
    marked: bool = False
    """Whether it declares a backend or a provider, as only a root has to."""
    aside: bool = False
    """Whether it is a module of another one, or lies among modules, examples or tests."""

    @property
    def used_by_workflow(self) -> bool:
        """Whether a workflow works in this folder."""
        return bool(self.works)

    def work_for(self, environment: str) -> Work | None:
        """The first workflow named for `environment` that works here, or None."""
        return next((work for work in self.works if environment in work.environments), None)

    def environment_file(self, environment: str) -> str | None:
        """The tfvars file of `environment`, or None when it has none."""
        return next(iter(self.environment_files.get(environment, ())), None)

    def var_files(self, environment: str) -> tuple[str, ...]:
        """Every tfvars file applied for `environment`, in the order in which later ones win."""
        own = self.environment_file(environment)
        return tuple(dict.fromkeys((*self.shared_var_files, own) if own else self.shared_var_files))


def find_roots(
    files: Sequence[str],
    reader: Reader,
    *,
    works: Sequence[Work] = (),
    tfvars_pattern: str = "",
    tfvars: Mapping[str, str] | None = None,
) -> tuple[TerraformRoot, ...]:
    """Every folder with Terraform files, the likeliest root first.

    `works` tells where workflows work; `tfvars_pattern` is a path with `{environment}` in it, which replaces the
    search for tfvars of environments, and `tfvars` names the file of single environments.
    """
    by_directory: dict[str, list[str]] = {}
    for path in files:
        if path.endswith((".tf", ".tf.json")):
            by_directory.setdefault(_parent(path), []).append(path)
    modules, marked = _looked_at(by_directory, reader)
    roots = [
        TerraformRoot(
            directory,
            tuple(sorted(own)),
            lock_file=_lock_file(directory, files),
            works=tuple(work for work in works if matches(directory, work.pattern)),
            aside=directory in modules or _is_aside(directory),
            environment=environment_of_folder(directory),
            marked=directory in marked,
        )
        for directory, own in sorted(by_directory.items())
    ]
    return _ranked([_with_tfvars(root, roots, files, tfvars_pattern, tfvars or {}) for root in roots])


def environment_of_folder(directory: str) -> str:
    """The environment that a folder of Terraform files is named for, in lower case: `live/sit/eu-west-1`, `envs/SIT`.

    Empty when neither it nor a folder above it is named for one.
    """
    parts = [part.lower() for part in directory.split("/")]
    for above, part in zip(["", *parts], parts, strict=False):
        if above in ENVIRONMENT_FOLDERS and part not in NOT_ENVIRONMENTS | {"modules"}:
            return part
    return next((part for part in parts if part in WELL_KNOWN and not _is_aside(directory)), "")


def _is_aside(directory: str) -> bool:
    """Whether it lies among modules, examples or tests; an environment may be called `test`."""
    parts = directory.split("/")
    return any(
        part in ASIDE_FOLDERS and above.lower() not in ENVIRONMENT_FOLDERS
        for above, part in zip(["", *parts], parts, strict=False)
    )


def environment_of(path: str) -> str | None:
    """The environment of `sit.tfvars` or `environments/sit/terraform.tfvars`; None for a file not named for one."""
    name = path.rpartition("/")[2].removesuffix(".json")
    if not name.endswith(".tfvars"):
        return None
    stem = name.removesuffix(".tfvars").lower()
    if stem.endswith(".auto"):
        return stem.removesuffix(".auto") if stem.removesuffix(".auto") in WELL_KNOWN else None
    if stem != "terraform":
        # `sit.backend.tfvars` holds what init is given, not values of variables.
        is_backend = "backend" in re.split(r"[^a-z0-9]+", stem)
        return None if stem in NOT_ENVIRONMENTS or is_backend else stem
    parts = [part.lower() for part in path.split("/")[:-1]]
    return parts[-1] if len(parts) > 1 and parts[-2] in SETTINGS_FOLDERS else None


def _looked_at(by_directory: Mapping[str, Sequence[str]], reader: Reader) -> tuple[frozenset[str], frozenset[str]]:
    """The folders that others call as a module, and those with a backend or provider; a rough look at the text."""
    called: set[str] = set()
    marked: set[str] = set()
    for directory, own in by_directory.items():
        for path in own:
            source = reader.read(path)
            if not isinstance(source, Source):
                continue
            text = source.text
            if '"./' in text or '"../' in text:
                called.update(_resolved(directory, match[1]) for match in _LOCAL_MODULE.finditer(text))
            if directory not in marked and any(word in text for word in _MARKING) and _ROOT_MARK.search(text):
                marked.add(directory)
    return frozenset(called), frozenset(marked)


def _resolved(directory: str, relative: str) -> str:
    parts = directory.split("/") if directory else []
    for part in relative.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts = [*parts, part]
    return "/".join(parts)


def _with_tfvars(
    root: TerraformRoot, roots: Sequence[TerraformRoot], files: Sequence[str], pattern: str, single: Mapping[str, str]
) -> TerraformRoot:
    settings = [path for path in files if path.endswith(_TFVARS)]
    inside = [path for path in settings if _parent(path) == root.directory]
    shared = sorted(path for path in inside if path.rpartition("/")[2] in _USUAL)
    shared += sorted(path for path in inside if path.endswith(_AUTOMATIC))
    named: dict[str, list[str]] = {}
    for path in files if pattern else settings:
        environment = _configured_environment(path, pattern) if pattern else _found_environment(path, root, roots)
        if environment:
            named.setdefault(environment, []).append(path)
    if not pattern:
        named = {name: paths for name, paths in named.items() if not _named_for_a_subject(name, paths, named)}
    if root.environment and shared and not pattern:
        # What Terraform takes up in a folder of one environment is that environment's.
        named.setdefault(root.environment, []).extend(path for path in shared if path not in named[root.environment])
    for paths in named.values():
        paths.sort(key=lambda path: (not _is_below(path, root.directory), path.count("/"), path))
    named |= {name: [path] for name, path in single.items()}
    return replace(
        root,
        shared_var_files=tuple(shared),
        environment_files={name: tuple(paths) for name, paths in sorted(named.items())},
    )


def _named_for_a_subject(name: str, paths: Sequence[str], named: Mapping[str, Sequence[str]]) -> bool:
    """Whether `network.tfvars` lies apart from the folder in which several well-known environments have theirs."""
    if name in WELL_KNOWN:
        return False
    homes = Counter(_parent(path) for other in WELL_KNOWN for path in named.get(other, ()))
    together = {folder for folder, count in homes.items() if count > 1}
    return bool(together) and all(
        _parent(path) not in together
        and path.rpartition("/")[2] not in _USUAL
        and not SETTINGS_FOLDERS & set(path.split("/")[:-1])
        for path in paths
    )


def _configured_environment(path: str, pattern: str) -> str | None:
    before, _, after = pattern.partition("{environment}")
    if len(path) <= len(before) + len(after) or not (path.startswith(before) and path.endswith(after)):
        return None
    name = path[len(before) : len(path) - len(after)]
    return None if "/" in name else name.lower()


def _found_environment(path: str, root: TerraformRoot, roots: Sequence[TerraformRoot]) -> str | None:
    """The environment for which `path` sets values of `root`: it lies in or below it, or beside all roots."""
    environment = environment_of(path)
    if environment is None:
        return None
    holders = [other.directory for other in roots if _is_below(path, other.directory)]
    if not holders:
        return environment if SETTINGS_FOLDERS & set(path.split("/")[:-1]) else None
    return environment if max(holders, key=len) == root.directory else None


def _ranked(roots: Sequence[TerraformRoot]) -> tuple[TerraformRoot, ...]:
    return tuple(sorted(roots, key=lambda root: (*_likelihood(root), root.directory.count("/"), root.directory)))


def _likelihood(root: TerraformRoot) -> tuple[bool, bool, bool]:
    return root.aside, not root.used_by_workflow, not root.environment_files


def _lock_file(directory: str, files: Sequence[str]) -> str | None:
    path = f"{directory}/.terraform.lock.hcl" if directory else ".terraform.lock.hcl"
    return path if path in files else None


def _is_below(path: str, directory: str) -> bool:
    return not directory or path == directory or path.startswith(f"{directory}/")


def _parent(path: str) -> str:
    return path.rpartition("/")[0]
