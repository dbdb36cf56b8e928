"""Whether the environment's validation script looks at more than names."""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Iterator

from bbws_readiness.checks.scripts.expectations import expectations
from bbws_readiness.checks.unknown import nothing_said, terraform_gap, undetermined
from bbws_readiness.checks.wording import joined
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.scripts import ValidationScript
from bbws_readiness.source import SourceKind

_NEUTRAL = frozenset(sys.stdlib_module_names) | {
    *(
        "boto3",
        "botocore",
        "mypy_boto3_dynamodb",
        "click",
        "typer",
        "rich",
        "yaml",
        "tabulate",
        "colorama",
        "termcolor",
    ),
    *("tenacity", "dotenv", "requests", "pytest", "moto", "tqdm", "structlog", "loguru"),
}
"""Modules that compare nothing of a table themselves."""
_DEEP = frozenset({"status", "keys", "index-keys"})


def shallow_script(question: Question) -> CheckResult:
    """VAL004: one answer about the environment's own script.

    Keys of indexes are asked for only where a table has indexes. A script that hands its work to another module of
    the project may do there what it is not seen to do.
    """
    model, script = question.model, question.model.script
    if script is None:
        return nothing_said(question, [SourceKind.SCRIPT], f"no validation script for {question.environment}")
    seen = {fact.get() for fact in script.verifies if fact.known}
    lacking = list(_lacking(seen, indexes=_indexes_somewhere(model, script)))
    summary = expectations(question)
    if not lacking:
        values = {"looked": joined(sorted(seen & _DEEP))}
        return CheckResult((Observation(Outcome.PASS, script.path, script.at, values),), summary=summary)
    if unknown := _unknown(model, script, seen):
        return CheckResult((undetermined(script.path, unknown),), summary=summary)
    problem = "; ".join(lacking)
    expected = "index keys and status compared"
    seen_there = Observation(
        Outcome.FAIL, script.path, script.at, {"problem": problem}, expected=expected, actual=problem
    )
    return CheckResult((seen_there,), summary=summary)


def _lacking(seen: set[str], *, indexes: bool) -> Iterator[str]:
    if not seen & _DEEP:
        yield "names only"
        return
    if indexes and "index-keys" not in seen:
        yield "names of indexes only, not their keys" if "indexes" in seen else "keys of indexes not compared"
    if "status" not in seen:
        yield "status not compared"


def _indexes_somewhere(model: Model, script: ValidationScript) -> bool:
    """Whether a table has indexes, or may have some."""
    deployed = [table for table in model.terraform_tables or () if table.indexes or table.indexes is None]
    expected = [table for table in script.tables if table.indexes]
    return bool(deployed or expected or terraform_gap(model) or model.terraform_tables is None)


def _unknown(model: Model, script: ValidationScript, seen: set[str]) -> Undetermined | None:
    """Why the script may look at more than it is seen to."""
    folder = posixpath.dirname(script.path)
    for module in script.imports:
        name = (module.or_none() or "").lstrip(".").replace(".", "/")
        places = {posixpath.normpath(posixpath.join(base, name)) for base in ("", folder, posixpath.dirname(folder))}
        if any(f"{place}.py" in model.files or f"{place}/__init__.py" in model.files for place in places):
            return Undetermined("it imports code of the project, which may compare more", module.at)
        if name.partition("/")[0] not in _NEUTRAL:
            reason = f"it imports {(module.or_none() or '')[:60]}, which may compare more"
            return Undetermined(reason, module.at)
    if script.computed_member:
        return Undetermined("it compares members of the table whose names it computes", script.computed_member)
    keyed = [index for table in script.tables for index in table.indexes or () if index.speaks_of_keys]
    if "index-keys" not in seen and keyed:
        return Undetermined("it states keys of indexes, and how it compares them cannot be told", keyed[0].at)
    return None
