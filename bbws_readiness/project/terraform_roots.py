"""Finds the folders that could be the Terraform root, with the tfvars of each environment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
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

ASIDE_FOLDERS = frozenset({"modules", "examples", "example", "test", "tests"})
"""Folders whose Terraform is not what a project deploys, unless there is no other."""

_LOCAL_MODULE = re.compile(r'^[ \t]*source[ \t]*=[ \t]*"(\.{1,2}/[^"$]{0,200})"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TerraformRoot:
    """One folder with Terraform files of its own, and the tfvars that go with it."""

    directory: str
    """Empty for the project folder itself."""
    files: tuple[str, ...]
    lock_file: str | None = None
    shared_var_files: tuple[str, ...] = ()
    """What Terraform takes up by itself, in its order: `terraform.tfvars`, then `*.auto.tfvars`."""
    environment_files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Per environment the tfvars named for it, the one that is used first."""
    used_by_workflow: bool = False
    """Whether a workflow works in this folder."""
    aside: bool = False
    """Whether it is a module of another one, or lies among modules, examples or tests."""

    def environment_file(self, environment: str) -> str | None:
        """The tfvars file of `environment`, or None when it has none."""
        return next(iter(self.environment_files.get(environment, ())), None)

    def var_files(self, environment: str) -> tuple[str, ...]:
        """Every tfvars file applied for `environment`, in the order in which later ones win."""
        own = self.environment_file(environment)
        return (*self.shared_var_files, own) if own else self.shared_var_files


def find_roots(
    files: Sequence[str], reader: Reader, *, working_directories: Iterable[str] = (), tfvars_pattern: str = ""
) -> tuple[TerraformRoot, ...]:
    """Every folder with Terraform files, the likeliest root first.

    `working_directories` are globs of folders in which workflows work; `tfvars_pattern` is a path with
    `{environment}` in it, which replaces the search for tfvars of environments.
    """
    by_directory: dict[str, list[str]] = {}
    for path in files:
        if path.endswith((".tf", ".tf.json")):
            by_directory.setdefault(_parent(path), []).append(path)
    modules = _local_modules(by_directory, reader)
    patterns = tuple(working_directories)
    roots = [
        TerraformRoot(
            directory,
            tuple(sorted(own)),
            lock_file=_lock_file(directory, files),
            used_by_workflow=any(matches(directory, pattern) for pattern in patterns),
            aside=directory in modules or bool(ASIDE_FOLDERS & set(directory.split("/"))),
        )
        for directory, own in sorted(by_directory.items())
    ]
    return _ranked([_with_tfvars(root, roots, files, tfvars_pattern) for root in roots])


def choose_root(roots: Sequence[TerraformRoot], environment: str) -> TerraformRoot | None:
    """The root for `environment`: one that has its tfvars or its name, else the likeliest; None when there is none."""
    own = [root for root in roots if not root.aside and environment in root.environment_files]
    named = [root for root in roots if not root.aside and environment in root.directory.split("/")]
    return next(iter(own or named or roots), None)


def rivals(roots: Sequence[TerraformRoot]) -> Diagnostic | None:
    """A warning when two folders are as likely as each other, so that a person has to say which one is meant."""
    if not roots:
        return None
    equal = [root for root in roots if _likelihood(root) == _likelihood(roots[0])]
    # One folder per environment is a layout of its own: the environment tells them apart.
    environments = [set(root.environment_files) for root in equal]
    if len(equal) < 2 or (all(environments) and not set.intersection(*environments)):
        return None
    names = ", ".join(root.directory or "." for root in equal)
    return Diagnostic(
        DiagnosticSeverity.WARNING,
        f"{len(equal)} folders could be the Terraform root: {names}; {equal[0].directory or '.'} is assessed",
        Location(equal[0].files[0], 0),
        "name the one that is meant as sources.terraform in readiness.yaml",
        code=Code.SEVERAL_ROOTS,
    )


def environment_of(path: str) -> str | None:
    """The environment of `sit.tfvars` or `environments/sit/terraform.tfvars`; None for a file not named for one."""
    # A file in JSON syntax counts too, so that nobody hears that there is none.
    name = path.rpartition("/")[2].removesuffix(".json")
    if name.endswith(".auto.tfvars") or not name.endswith(".tfvars"):
        return None
    stem = name.removesuffix(".tfvars").lower()
    if stem != "terraform":
        return None if stem in NOT_ENVIRONMENTS else stem
    parts = [part.lower() for part in path.split("/")[:-1]]
    return parts[-1] if len(parts) > 1 and parts[-2] in SETTINGS_FOLDERS else None


def _local_modules(by_directory: Mapping[str, Sequence[str]], reader: Reader) -> frozenset[str]:
    """The folders that other folders call as a module; a rough look at the text, enough to put them aside."""
    found: set[str] = set()
    for directory, own in by_directory.items():
        for path in own:
            source = reader.read(path)
            if isinstance(source, Source):
                found.update(_resolved(directory, match[1]) for match in _LOCAL_MODULE.finditer(source.text))
    return frozenset(found)


def _resolved(directory: str, relative: str) -> str:
    parts = directory.split("/") if directory else []
    for part in relative.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts = [*parts, part]
    return "/".join(parts)


def _with_tfvars(
    root: TerraformRoot, roots: Sequence[TerraformRoot], files: Sequence[str], pattern: str
) -> TerraformRoot:
    inside = [path for path in files if path.endswith(".tfvars") and _parent(path) == root.directory]
    shared = [path for path in inside if path.endswith("terraform.tfvars") and environment_of(path) is None]
    shared += sorted(path for path in inside if path.endswith(".auto.tfvars"))
    named: dict[str, list[str]] = {}
    for path in files:
        environment = _configured_environment(path, pattern) if pattern else _found_environment(path, root, roots)
        if environment:
            named.setdefault(environment, []).append(path)
    for paths in named.values():
        paths.sort(key=lambda path: (not _is_below(path, root.directory), path.count("/"), path))
    return replace(
        root,
        shared_var_files=tuple(shared),
        environment_files={name: tuple(paths) for name, paths in sorted(named.items())},
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
    return not directory or PurePosixPath(path).is_relative_to(directory)


def _parent(path: str) -> str:
    return path.rpartition("/")[0]
