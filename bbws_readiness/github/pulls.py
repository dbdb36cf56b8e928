"""Asks GitHub about pull requests: which one has a commit at its tip, and where its tip is now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from bbws_readiness.github.api import Api
from bbws_readiness.github.event import Event
from bbws_readiness.github.faults import NotPosted


class PullRequest(Struct, frozen=True):
    """A pull request as it stands at this moment."""

    number: int
    head: str
    """The commit at the tip of its branch."""
    is_open: bool
    """Neither closed nor merged."""


def pull_request(api: Api, repository: str, number: int) -> PullRequest:
    """The pull request of that number. Raises `NotPosted`, and `Gone` when there is none."""
    found = _read(api.get(f"/repos/{repository}/pulls/{number}"), repository)
    if found is None:
        raise NotPosted("GitHub tells of a pull request in a form that is not understood")
    return found


def assessed_by(api: Api, repository: str, event: Event) -> PullRequest | None:
    """The one open pull request whose tip is the commit that the workflow run of `event` was for; None when it moved.

    Raises `NotPosted` when there are several, which differ in the branch they go to.
    """
    if not event.head:
        return None
    if event.owner and event.branch:
        path = f"/repos/{repository}/pulls?state=open&head={quote(f'{event.owner}:{event.branch}', safe='')}"
    else:
        path = f"/repos/{repository}/commits/{event.head}/pulls"
    listed = (_read(one, repository) for one in api.pages(path))
    found = [one for one in listed if one and one.is_open and one.head == event.head]
    if len(found) > 1:
        raise NotPosted("several pull requests have the assessed commit at their tip", hint="name --pull-request")
    return found[0] if found else None


def _read(data: Any, repository: str) -> PullRequest | None:  # noqa: ANN401 - what GitHub answers
    """None for what is no pull request into that repository."""
    if not isinstance(data, Mapping):
        return None
    number, head, base = data.get("number"), data.get("head"), data.get("base")
    if not (isinstance(number, int) and isinstance(head, Mapping) and isinstance(base, Mapping)):
        return None
    into = base.get("repo")
    name = into.get("full_name") if isinstance(into, Mapping) else ""
    if str(name).casefold() != repository.casefold():
        return None
    return PullRequest(number, str(head.get("sha", "")), data.get("state") == "open")
