"""Posts the comment of one assessment, unless the pull request has moved on since it was assessed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from bbws_readiness.github.api import Api
from bbws_readiness.github.comments import Conversation, Mode, Outcome, Posted, post, writer_of
from bbws_readiness.github.event import Event
from bbws_readiness.github.faults import NotPosted
from bbws_readiness.github.marker import mark_of, marked
from bbws_readiness.github.pulls import PullRequest, assessed_by, pull_request

MAX_SKEW = timedelta(hours=24)
"""How far the clock of this machine may be from the server's: comments are ordered by it."""


class Comment(Struct, frozen=True):
    """What is to be posted."""

    slug: str
    """Of the project; with the environment it says which comment is the earlier one."""
    environment: str
    texts: Sequence[str]
    """The first is posted; the next ones are shorter, for a server that takes less than it says."""
    content: str
    """What must differ for an earlier comment to be edited."""
    time: datetime
    """UTC, without a zone."""
    run: tuple[int, int] = (0, 0)
    folder: str = ""
    """Where the project lies in its repository; empty at the top."""


class Target(Struct, frozen=True):
    """Where to."""

    repository: str
    """`owner/name`."""
    event: Event
    mode: Mode = Mode.UPDATE
    author: str = ""
    """The account whose comments are ours; empty to ask."""


class Published(Struct, frozen=True):
    """What was done for which pull request, whose number is 0 where there is none any more."""

    posted: Posted
    number: int


def publish(api: Api, target: Target, comment: Comment) -> Published:
    """Posts once; nothing is written when the pull request is closed, or its tip is not the assessed commit any more.

    Raises `NotPosted` and its kinds.
    """
    event = target.event
    if event.number:
        found: PullRequest | None = pull_request(api, target.repository, event.number)
    else:
        found = assessed_by(api, target.repository, event)
    _require_clock(api, comment.time)
    if found is None or (event.head and found.head != event.head):
        return Published(Posted(Outcome.MOVED), found.number if found else 0)
    if not found.is_open:
        return Published(Posted(Outcome.CLOSED), found.number)
    mark = mark_of(comment.slug, comment.environment, comment.folder)
    bodies = [marked(mark, text, time=comment.time, run=comment.run, content=comment.content) for text in comment.texts]
    writer = writer_of(api, target.author)
    conversation = Conversation(target.repository, found.number)
    posted = post(api, conversation, writer, mark=mark, bodies=bodies, mode=target.mode)
    return Published(posted, found.number)


def _require_clock(api: Api, time: datetime) -> None:
    now = api.moment.replace(tzinfo=None) if api.moment else time
    if abs(now - time) > MAX_SKEW:
        raise NotPosted(
            f"the clock of this machine says {time:%Y-%m-%d}, that of GitHub {now:%Y-%m-%d}", hint="set it right"
        )
