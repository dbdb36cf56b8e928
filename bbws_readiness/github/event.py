"""Which pull request a workflow runs for, as the runner's own file about the event tells it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError
from bbws_readiness.patterns import regex

VARIABLE = "GITHUB_EVENT_PATH"
MAX_BYTES = 25 * 1024 * 1024
"""GitHub sends no event that is larger."""

_HASH = regex(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LOGIN = regex(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}")
"""A managed account has `_` in its name."""


class Event(Struct, frozen=True):
    """What is known before GitHub is asked."""

    number: int = 0
    """Of the pull request; 0 when the event does not say it."""
    head: str = ""
    """The commit at the tip of its branch that the workflow ran for: never the merge that it checked out."""
    owner: str = ""
    """Of the repository that holds that branch."""
    branch: str = ""
    run: tuple[int, int] = (0, 0)
    """The run that assessed and its attempt, when it is another one than this."""


def event_of(environment: Mapping[str, str] = os.environ) -> Event:
    """The event of this workflow run; an empty one outside of a workflow.

    Raises `UsageError` for a file that cannot be read. Of a `workflow_run` the numbers it lists are not believed: they
    are missing for forks, and the commit alone says which pull request was assessed.
    """
    path = environment.get(VARIABLE, "")
    data = _read(path) if path else {}
    if run := _part(data, "workflow_run"):
        owner, branch = _text(_part(run, "head_repository", "owner"), "login"), _text(run, "head_branch")
        owner = owner if _LOGIN.fullmatch(owner) else ""
        return Event(0, _head(run.get("head_sha")), owner, branch, (_count(run, "id"), _count(run, "run_attempt")))
    if pull := _part(data, "pull_request"):
        return Event(_count(pull, "number"), _head(_part(pull, "head").get("sha")))
    issue = _part(data, "issue")
    return Event(_count(issue, "number")) if _part(issue, "pull_request") else Event()


def _read(path: str) -> Mapping[str, Any]:
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_BYTES)
        data = json.loads(content)
    except (OSError, ValueError, RecursionError):
        raise UsageError(
            f"{VARIABLE} names no JSON that can be read", hint="name --pull-request", code=Code.NAMED_FILE
        ) from None
    return data if isinstance(data, dict) else {}


def _part(data: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """What lies below the names, when it is a mapping all the way."""
    for name in names:
        found = data.get(name)
        data = found if isinstance(found, dict) else {}
    return data


def _text(data: Mapping[str, Any], name: str) -> str:
    found = data.get(name)
    return found if isinstance(found, str) else ""


def _count(data: Mapping[str, Any], name: str) -> int:
    found = data.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 < found < 10**18 else 0


def _head(found: object) -> str:
    return found if isinstance(found, str) and _HASH.fullmatch(found) else ""
