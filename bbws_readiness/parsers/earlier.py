"""Reads the resources of an earlier version: from a commit, or from the JSON of an earlier assessment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.errors import DiagnosticSeverity, UsageError
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.git.revision import Revision
from bbws_readiness.git.subtree import Subtree
from bbws_readiness.git.tree import TreeReader
from bbws_readiness.model.earlier import Earlier
from bbws_readiness.model.resources import Resource
from bbws_readiness.parsers.passing import known
from bbws_readiness.parsers.root import EvaluatedRoot
from bbws_readiness.parsers.terraform import describe_terraform
from bbws_readiness.parsers.terraform.tables import TABLE
from bbws_readiness.source import Location, Refused, Source
from bbws_readiness.terraform import Passed as PassedValue
from bbws_readiness.terraform import Session

FORMAT = "bbws-readiness-assessment/"
TOLD = {TABLE: frozenset({"name", "hash_key", "range_key"})}
"""What the JSON of an assessment says of resources, by type."""
HINT = "name the JSON that an assessment of this project for this environment has written"


class CommitSince(Struct, frozen=True):
    """The earlier version is a commit."""

    tree: TreeReader
    folder: str
    """The project below the top of the checkout."""
    revision: Revision


class AssessmentSince(Struct, frozen=True):
    """The earlier version is what an assessment wrote down."""

    read: Source | Refused
    slug: str
    """The project that it must be about."""
    named_at: Location | None = None
    """Where readiness.yaml names it; None when the command line does."""


Since = CommitSince | AssessmentSince


def earlier_version(since: Since, evaluated: EvaluatedRoot | None, environment: str) -> Earlier | None:
    """The resources of the earlier version, None when the present one has no Terraform.

    A commit is evaluated with the folder, tfvars, variables and workspace of the present version. Raises `UsageError`
    for a JSON that is not of this project and environment, `BaseUnavailable` when a file of the commit is not there.
    """
    moved = evaluated.evaluation.moved if evaluated else ()
    released = evaluated.evaluation.released if evaluated else ()
    if isinstance(since, AssessmentSince):
        return replace(_of_assessment(since, environment, moved), released=released)
    return replace(_of_commit(since, evaluated, environment), released=released) if evaluated else None


def _of_commit(since: CommitSince, evaluated: EvaluatedRoot, environment: str) -> Earlier:
    files = Subtree(since.tree, since.folder)
    root = evaluated.root
    named = [path for path in evaluated.var_files if path not in root.shared_var_files and files.exists(path)]
    at = evaluated.workspace.at if evaluated.workspace else Location(root.directory or ".", 0)
    text = evaluated.workspace.or_none() if evaluated.workspace else "default"
    workspace = evaluated.workspace.value if evaluated.workspace else ""
    reason = workspace.reason if isinstance(workspace, Unknown) else ""
    selected = PassedValue(at, text, reason)
    label = f"{since.revision.name} ({since.revision.short})"
    place = Location(root.directory or ".", 0)
    if not files.is_directory(root.directory or "."):
        return Earlier(label, place, gap=f"{root.directory} is not there", moved=evaluated.evaluation.moved)
    session = Session(files, root.directory, var_files=named, variables=known(evaluated.passed), workspace=selected)
    described = describe_terraform(session.evaluation, environment=environment).configuration
    fault = next((one for one in described.diagnostics if one.severity is DiagnosticSeverity.ERROR), None)
    gap = "" if described.complete else (fault.summary if fault else "a file could not be read")
    return Earlier(label, place, described.resources, gap=gap, moved=evaluated.evaluation.moved)


def _of_assessment(since: AssessmentSince, environment: str, moved: tuple[tuple[str, str], ...]) -> Earlier:
    read = since.read
    if isinstance(read, Refused):
        raise UsageError(read.summary, at=read.at, hint=read.detail, code=read.code)
    try:
        data = json.loads(read.text)
    except (ValueError, RecursionError):
        raise _refused("is not valid JSON", since) from None
    if not isinstance(data, dict) or not str(data.get("format", "")).startswith(FORMAT):
        raise _refused("is no assessment", since)
    if _part(data, "environment").get("name") != environment or _part(data, "project").get("slug") != since.slug:
        raise _refused("is the assessment of another project or environment", since)
    at = Location(read.path, 1)
    tables = _part(data, "resources").get("tables")
    if not isinstance(tables, list):
        raise _refused("tells no resources", since)
    found = tuple(resource for one in tables if isinstance(one, dict) for resource in _table(one, at))
    return Earlier(read.path, at, found, told=TOLD, moved=moved)


def _part(data: dict[str, Any], name: str) -> dict[str, Any]:
    part = data.get(name)
    return part if isinstance(part, dict) else {}


def _table(data: dict[str, Any], at: Location) -> Iterator[Resource]:
    address = data.get("address")
    if not isinstance(address, str):
        return
    members = {
        "name": data.get("name"),
        "hash_key": _part(data, "partition_key").get("name"),
        "range_key": _part(data, "sort_key").get("name"),
    }
    facts = {name: fact for name, member in members.items() if (fact := _fact(member, at))}
    name = facts.get("name") or Fact(Unknown("the assessment does not tell it"), at)
    yield Resource(address, TABLE, name.map(str), at, attributes=facts)


def _fact(member: object, at: Location) -> Fact[object] | None:
    if not isinstance(member, dict):
        return None
    if isinstance(member.get("value"), str):
        return Fact(member["value"], at)
    return Fact(Unknown(str(member.get("unknown") or "the assessment does not tell it")[:200]), at)


def _refused(text: str, since: AssessmentSince) -> UsageError:
    path = since.read.at.path if isinstance(since.read, Refused) else since.read.path
    named = "since:" if since.named_at else "--since"
    return UsageError(f'{named} "{path}" {text}', at=since.named_at, hint=HINT, code=Code.NAMED_FILE)
