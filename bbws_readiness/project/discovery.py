"""Looks through a project folder once and tells which files are which."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct

from bbws_readiness.cache.codec import Codec
from bbws_readiness.cache.results import kept
from bbws_readiness.codes import Code
from bbws_readiness.config import Config, find_git_root
from bbws_readiness.errors import (
    ConfigurationError,
    Diagnostic,
    DiagnosticSeverity,
    NothingToAssess,
    UsageError,
    near_name,
)
from bbws_readiness.memory import read_once
from bbws_readiness.patterns import regex
from bbws_readiness.positioned import Node, read_yaml
from bbws_readiness.project import environments
from bbws_readiness.project.patterns import matches, select
from bbws_readiness.project.project import PlanFile, Project, folder_of
from bbws_readiness.project.survey import Findings, survey
from bbws_readiness.project.terraform_roots import TerraformRoot, Work, find_roots
from bbws_readiness.reader import Reader
from bbws_readiness.source import Location, Refused, Source, SourceKind

NOTHING = "nothing to assess: no Terraform, schema, workflow, validation script or promotion plan in this folder"

SCHEMA_PATTERNS = ("**/*.schema.json",)
WORKFLOW_PATTERNS = (".github/workflows/*.yml", ".github/workflows/*.yaml")
SCRIPT_PATTERNS = ("**/*validat*.py",)
PLAN_PATTERNS = ("**/*promotion*.md",)

_PLAN_NAME = regex(r"(?P<stem>.+)[_-]promotion(?:[_-]plan)?\.md", re.IGNORECASE)
_NUMBERS = regex(r"(?:[0-9]++[_-])*+")
_PLAN_TITLE = regex(r"^#[ \t]+Promotion Plan\b", re.IGNORECASE | re.MULTILINE)
_EXPRESSION = regex(r"\$\{\{[^}]*\}\}|\$\{?[A-Za-z_]\w*\}?")
_CHANGED_FOLDER = regex(r"[ \t]-chdir=(\S+)|^[ \t]*(?:cd|pushd)[ \t]+([^\s;&|]+)", re.MULTILINE)
_CHANGING = regex(r"cd|pushd|-chdir=")
"""What a text has in which the pattern finds anything."""


def discover(
    root: Path,
    config: Config,
    *,
    plan: Path | None = None,
    outputs: str = "",
    may_be_empty: bool = False,
    reader: Reader | None = None,
) -> Project:
    """The project in `root`, as `config` and the usual names tell its files apart.

    `plan` names the promotion plan on the command line, relative to the working directory; it may lie anywhere and
    wins over configuration and search. What lies in the folder `outputs` (relative to `root`) is no input, nor what
    lies in the projects that the configuration names beside this one. `reader` is one of `root`, when there is one.
    Raises `NothingToAssess` for a folder that is not there or, unless it `may_be_empty`, has nothing to read in it,
    `ConfigurationError` for a configured path that is not there, and `UsageError` for a plan that is not there.
    """
    root = reader.root if reader else _folder(root)
    reader = reader or Reader(root)
    found = Findings()
    _require_siblings(reader, config)
    told = {SourceKind.WORKFLOWS: bool(config.sources.workflows), SourceKind.README: bool(config.sources.readme)}
    files, beside = survey(reader, outputs, told, found, siblings=config.portfolio.projects)
    workflows = _configured(config, "workflows", files, WORKFLOW_PATTERNS, below="*.y*ml")
    mentions = _mentions(reader, workflows)
    roots = _terraform_roots(config, files, reader, mentions)
    schemas = _configured(config, "schemas", files, SCHEMA_PATTERNS, below="*.json")
    scripts = _configured(config, "scripts", files, SCRIPT_PATTERNS, below="*.py")
    folder_slug = _slug_of_folder(root.name, config.organisation)
    plan_file = _plan_file(root, reader, config, files, plan, config.slug or folder_slug, found)
    if not (may_be_empty or roots or workflows or schemas or scripts or plan_file or found.unread):
        raise NothingToAssess(
            NOTHING, hint="run it in the project folder, or name folders as sources in readiness.yaml"
        )
    slug = config.slug or (plan_file and _short_name(plan_file.path)) or folder_slug
    found.diagnostics += _terragrunt(files)
    return Project(
        root=root,
        reader=reader,
        config=config,
        folder=root.name,
        slug=slug,
        title=config.title or slug.replace("_", " ").replace("-", " ").title(),
        files=files,
        beside=beside,
        git_root=find_git_root(root),
        terraform_roots=roots,
        schemas=schemas,
        workflows=workflows if workflows or reader.is_directory(".github/workflows") else None,
        scripts=scripts,
        readme=_readme(config, files),
        outputs=outputs,
        plan=plan_file,
        portfolio=tuple(_portfolio(root, reader, config, files)),
        environments=_environments(config, roots, mentions, plan_file),
        diagnostics=tuple(found.diagnostics),
        unread=found.unread,
    )


def _folder(root: Path) -> Path:
    resolved = Path(os.path.realpath(root))
    if not resolved.is_dir():
        what = "is not a folder" if resolved.exists() else "does not exist"
        raise NothingToAssess(f'the project folder "{root.name}" {what}', hint="name the folder of a project")
    return resolved


def _require_siblings(reader: Reader, config: Config) -> None:
    """Raises `ConfigurationError` for a project beside this one whose folder is not there or may not be entered."""
    for number, folder in enumerate(config.portfolio.projects):
        lies = reader.entries(folder)
        if isinstance(lies, Refused):
            missing = lies.code is Code.MISSING
            raise ConfigurationError(
                f'"{folder}" is not a folder of the project' if missing else f'"{folder}": {lies.summary}',
                at=config.at(f"portfolio.projects.{number}"),
                hint="name a folder inside it that holds another project" if missing else lies.detail,
                code=Code.CONFIGURED_SOURCE if missing else lies.code,
            )


def _configured(
    config: Config, key: str, files: Sequence[str], usual: tuple[str, ...], *, below: str
) -> tuple[str, ...]:
    """The files of one kind: those configured, which must exist, else those with the usual names."""
    patterns: tuple[str, ...] = getattr(config.sources, key)
    if not patterns:
        return select(files, usual)
    for number, pattern in enumerate(patterns):
        if not select(files, [pattern], below=below):
            raise _not_there(config, pattern, files, f"sources.{key}.{number}", f"sources.{key}")
    return select(files, patterns, below=below)


def _not_there(config: Config, path: str, files: Sequence[str], *places: str) -> ConfigurationError:
    known = {*files, *(parent for file in files for parent in _parents(file))}
    near = near_name(path, sorted(known))
    at = next((place for place in map(config.at, places) if place), None)
    return ConfigurationError(
        f'"{path}" matches nothing in the project',
        at=at,
        hint=f'did you mean "{near}"?' if near else "",
        code=Code.CONFIGURED_SOURCE,
    )


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _terraform_roots(
    config: Config, files: Sequence[str], reader: Reader, mentions: Sequence[_Mentions]
) -> tuple[TerraformRoot, ...]:
    works = sorted((work for one in mentions for work in one.works), key=lambda work: work.at)
    tfvars = _own_tfvars(config, files)
    roots = find_roots(files, reader, works=works, tfvars_pattern=config.sources.tfvars, tfvars=tfvars)
    wanted = config.sources.terraform
    if wanted and not any(matches(root.directory, folder_of(wanted, "*")) for root in roots):
        near = near_name(wanted, [root.directory for root in roots])
        raise ConfigurationError(
            f'"{wanted}" holds no Terraform files',
            at=config.at("sources.terraform"),
            hint=f'did you mean "{near}"?' if near else "",
            code=Code.CONFIGURED_SOURCE,
        )
    return roots


def _own_tfvars(config: Config, files: Sequence[str]) -> dict[str, str]:
    """The settings files that readiness.yaml names for single environments; each of them must exist."""
    named = {name: own.tfvars for name, own in config.environments.items() if own.tfvars}
    for name, path in named.items():
        if path not in files:
            place = f"environments.{name}.tfvars"
            raise _not_there(config, path, files, place)
    return named


def _terragrunt(files: Sequence[str]) -> Iterator[Diagnostic]:
    """One warning for all terragrunt files, at the first of them."""
    found = [path for path in files if path.rpartition("/")[2] in ("terragrunt.hcl", "root.hcl")]
    if found:
        more = f"; {len(found) - 1} more like it" if len(found) > 1 else ""
        yield Diagnostic(
            DiagnosticSeverity.WARNING,
            f"terragrunt is not supported: what it makes of this file is not assessed{more}",
            Location(found[0], 0),
            "assess the Terraform that it calls; name it as sources.terraform in readiness.yaml",
            code=Code.TERRAGRUNT,
        )


class _Mentions(Struct, frozen=True):
    """What a workflow says about where it works."""

    works: tuple[Work, ...]
    environments: tuple[str, ...]


def _mentions(reader: Reader, workflows: Sequence[str]) -> tuple[_Mentions, ...]:
    """Of the workflows that can be read; what is wrong with the others is told when they are parsed."""
    read = (reader.read(path) for path in workflows)
    return tuple(said for source in read if isinstance(source, Source) and (said := _mentioned(source)))


@cache
def _codec() -> Codec:
    return Codec([_Mentions, Work])


@read_once
@kept("mentions", _codec)
def _mentioned(source: Source) -> _Mentions | None:
    node = read_yaml(source)
    if not isinstance(node, Node):
        return None
    nodes = tuple(node.walk())
    of_file = environments.in_file_name(source.path)
    return _Mentions(tuple(_works(nodes, of_file)), (*of_file, *environments.in_workflow(nodes)))


def _works(nodes: Iterable[Node], named: tuple[str, ...]) -> Iterator[Work]:
    """The folders in which a workflow works, with `*` for every expression and variable in them.

    Its file is `named` for these environments.
    """
    for current in nodes:
        if current.shape != "mapping":
            continue
        folders = []
        if (directory := current.entries.get("working-directory")) and directory.text:
            folders.append((directory, directory.text))
        if (script := current.entries.get("run")) and (text := script.text) and _CHANGING.search(text):
            folders += [(script, match[1] or match[2]) for match in _CHANGED_FOLDER.finditer(text)]
        for place, text in folders:
            pattern = _EXPRESSION.sub("*", text) if "$" in text else text
            pattern = pattern.strip("\"'").removeprefix("./")
            yield Work("" if pattern == "." else pattern, place.at, named)


def _readme(config: Config, files: Sequence[str]) -> str | None:
    if wanted := config.sources.readme:
        if wanted not in files:
            raise _not_there(config, wanted, files, "sources.readme")
        return wanted
    return next((path for path in files if path.lower() == "readme.md"), None)


def _plan_file(
    root: Path,
    reader: Reader,
    config: Config,
    files: Sequence[str],
    named: Path | None,
    slug: str,
    found: Findings,
) -> PlanFile | None:
    """The plan named on the command line, else the configured one, else the one that is found by its name."""
    if named is not None:
        return _named_plan(root, reader, named)
    if config.sources.plan:
        return _configured_document(root, reader, config, files, config.sources.plan, "sources.plan")
    candidates = [path for path in select(files, PLAN_PATTERNS) if _looks_like_plan(reader, path, found)]
    own = [path for path in candidates if _same_name(_short_name(path), slug)] or candidates
    if len(own) > 1:
        at = Location(own[0], 0)
        found.unread[SourceKind.PLAN] = at
        found.error(
            f"{len(own)} promotion plans: {', '.join(own)}; none of them is read",
            at,
            "name the one that is meant with --plan or as sources.plan in readiness.yaml",
            code=Code.SEVERAL_PLANS,
        )
        return None
    return _plan_at(root, reader, own[0]) if own else None


def _refuse_outside(root: Path, config: Config, configured: str, key: str) -> None:
    """Who writes the configuration of a repository must not choose a file beyond its checkout to be printed."""
    top = find_git_root(root) or root
    if not Path(os.path.normpath(root / configured)).is_relative_to(top):
        raise ConfigurationError(
            f'"{configured}" lies outside the repository',
            at=config.at(key),
            hint="name it with --promotion-plan" if key == "sources.plan" else "copy it into the repository",
            code=Code.OUTSIDE,
        )


def _configured_document(
    root: Path, reader: Reader, config: Config, files: Sequence[str], configured: str, key: str
) -> PlanFile:
    """The document at the configured path, which is gone name by name: a link could make `../` point anywhere."""
    _refuse_outside(root, config, configured, key)
    path = os.path.normpath(configured).replace(os.sep, "/")
    climbed = path.count("../") if path.startswith("../") else 0
    if climbed:
        reader = Reader(root.parents[climbed - 1], prefix="../" * climbed, enters_repositories=True)
    plan = PlanFile(reader, path[3 * climbed :], path)
    read = plan.read()
    if isinstance(read, Refused) and read.code is Code.MISSING:
        raise _not_there(config, configured, files, key)
    if climbed and isinstance(read, Refused) and read.code is Code.LINK:
        raise ConfigurationError(f'"{configured}" lies behind a symbolic link', at=config.at(key), code=Code.LINK)
    return plan


def _portfolio(root: Path, reader: Reader, config: Config, files: Sequence[str]) -> Iterator[PlanFile]:
    for number, path in enumerate(config.sources.portfolio):
        yield _configured_document(root, reader, config, files, path, f"sources.portfolio.{number}")


def _looks_like_plan(reader: Reader, path: str, found: Findings) -> bool:
    """Whether a file that speaks of a promotion is a plan by the form of its name, or by its title."""
    if _short_name(path):
        return True
    read = reader.read(path)
    if isinstance(read, Refused):
        found.hidden(read, [SourceKind.PLAN])
        return False
    return bool(_PLAN_TITLE.search(read.text))


def _named_plan(root: Path, reader: Reader, named: Path) -> PlanFile:
    absolute = Path(os.path.realpath(named.parent)) / named.name
    if not os.path.lexists(absolute):
        raise UsageError(
            f'the promotion plan "{named.name}" does not exist',
            hint="name an existing Markdown file",
            code=Code.NAMED_FILE,
        )
    try:
        relative = os.path.relpath(absolute, root)
    except ValueError:
        raise UsageError("the promotion plan lies on another drive than the project", code=Code.NAMED_FILE) from None
    return _plan_at(root, reader, Path(relative).as_posix())


def _plan_at(root: Path, reader: Reader, path: str) -> PlanFile:
    """The plan at a path relative to the project; outside of it, its reader sees nothing but its own folder."""
    path = os.path.normpath(path).replace(os.sep, "/")
    if not path.startswith("../"):
        return PlanFile(reader, path, path)
    folder, _, name = path.rpartition("/")
    return PlanFile(Reader(root / folder, prefix=f"{folder}/"), name, path)


def _environments(
    config: Config, roots: Sequence[TerraformRoot], mentions: Sequence[_Mentions], plan: PlanFile | None
) -> tuple[str, ...]:
    mentioned = [name for root in roots for name in root.environment_files]
    mentioned += [root.environment for root in roots if root.environment and not root.aside]
    mentioned += [name for one in mentions for name in one.environments]
    read = plan.read() if plan else None
    if isinstance(read, Source):
        mentioned += environments.in_plan(read, mentioned)
    return environments.in_order(tuple(config.environments), mentioned)


def _slug_of_folder(folder: str, organisation: str) -> str:
    """The folder without leading groups of digits and the organisation prefix, fit for a file name."""
    name = re.sub(r"[^a-z0-9]+", "_", folder.lower()).strip("_")
    name = re.sub(r"^(?:[0-9]+_)+(?=.)", "", name)
    prefix = re.sub(r"[^a-z0-9]+", "_", organisation.lower()).strip("_")
    return (name.removeprefix(f"{prefix}_") if prefix else name) or "project"


def _short_name(path: str) -> str:
    """The short name in a plan's file name, fit for a file name; empty when the name has another form."""
    match = _PLAN_NAME.fullmatch(path.rpartition("/")[2])
    if match is None:
        return ""
    numbers = _NUMBERS.match(match["stem"])
    short = match["stem"][numbers.end() if numbers else 0 :] or match["stem"]
    return re.sub(r"[^a-z0-9]+", "_", short.lower()).strip("_")


def _same_name(first: str, second: str) -> bool:
    return first.replace("-", "_") == second.replace("-", "_")
