"""Posts a comment from the command line: which pull request, with which token, and what is said when it fails."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.cli.output import complain, progress
from bbws_readiness.codes import Code
from bbws_readiness.errors import NotWritten, UsageError
from bbws_readiness.patterns import regex

if TYPE_CHECKING:
    from bbws_readiness.github.event import Event
    from bbws_readiness.github.publish import Comment, Published, Target

NOT_POSTED = 5
SERVER = "https://github.com"

_REPOSITORY = regex(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}/(?!\.\.?$)[A-Za-z0-9._-]{1,100}")
"""A managed account has `_` in its name."""
_HASH = regex(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Wanted(Struct, frozen=True):
    """What the options say of the pull request."""

    repository: str | None = None
    number: int | None = None
    head: str | None = None
    mode: str = "update"
    author: str = ""


class Around(Struct, frozen=True):
    """What is known of the pull request before GitHub is asked."""

    repository: str
    """`owner/name`; empty where nobody says it."""
    event: Event
    """With what the options say."""
    blob: str
    """The address below which the assessed files lie, and the one of the run; each empty where it is not known."""
    run_page: str
    run: tuple[int, int]
    """The run that assessed, and its attempt; zeros outside of a workflow."""


def around_of(wanted: Wanted, *, posts: bool) -> Around:
    """What options and the variables of a workflow say.

    Raises `UsageError` for what cannot be, and, where a comment is to be posted, when nobody says to what.
    """
    from bbws_readiness.github.event import Event, event_of

    repository = wanted.repository or os.environ.get("GITHUB_REPOSITORY", "")
    if repository and not _REPOSITORY.fullmatch(repository):
        raise UsageError(f'"{repository}" is no repository', hint="write owner/name", code=Code.OPTION_VALUE)
    if wanted.head and not _HASH.fullmatch(wanted.head):
        raise UsageError(f'--head "{wanted.head}" is no full hash', hint="write all digits", code=Code.OPTION_VALUE)
    try:
        event = event_of()
    except UsageError:
        if posts:
            raise
        event = Event()
    event = replace(event, number=wanted.number or event.number, head=wanted.head or event.head)
    run = event.run if event.run[0] else (_count("GITHUB_RUN_ID"), _count("GITHUB_RUN_ATTEMPT"))
    if posts:
        _require_target(repository, event)
    pages = f"{os.environ.get('GITHUB_SERVER_URL') or SERVER}/{repository}" if repository else ""
    return Around(
        repository=repository,
        event=event,
        blob=f"{pages}/blob/{event.head}" if pages and event.head else "",
        run_page=f"{pages}/actions/runs/{run[0]}" if pages and run[0] else "",
        run=run,
    )


def _require_target(repository: str, event: Event) -> None:
    if not repository:
        raise UsageError(
            "no repository is named", hint="set GITHUB_REPOSITORY, or use --repository", code=Code.OPTION_VALUE
        )
    if not event.number and not (event.run[0] and event.head):
        raise UsageError(
            "the event of this run names no pull request", hint="name it with --pull-request", code=Code.OPTION_VALUE
        )


def post_comment(comment: Comment, wanted: Wanted, around: Around) -> int:
    """Posts, tells what was done, and gives 5 when the comment is lost for a reason that may pass; else 0.

    A comment that may not be posted goes to the step summary, as does one that is lost.
    """
    from bbws_readiness.github.comments import Mode
    from bbws_readiness.github.faults import Gone, NotPermitted, NotPosted
    from bbws_readiness.github.publish import Target
    from bbws_readiness.process.limits import waiting

    target = Target(around.repository, around.event, Mode(wanted.mode), wanted.author)
    try:
        # GitHub may ask to wait for longer than an assessment may take; the client keeps a limit of its own.
        with waiting():
            published = _published(target, comment)
    except NotPosted as error:
        complain(error.line)
        _to_summary(comment.texts[0])
        return 0 if isinstance(error, NotPermitted | Gone) else NOT_POSTED
    progress(_told(published, around.repository))
    if published.posted.left:
        progress(f"earlier comments stay as they are: {published.posted.left}")
    return _output(published.posted.comment) if published.posted.comment else 0


def _published(target: Target, comment: Comment) -> Published:
    from bbws_readiness.github.api import Api, Server
    from bbws_readiness.github.faults import NotPosted
    from bbws_readiness.github.publish import publish
    from bbws_readiness.process.environment import take_posting_token

    server = Server(os.environ.get("GITHUB_API_URL") or Server().rest, os.environ.get("GITHUB_GRAPHQL_URL", ""))
    token = take_posting_token()
    if not token:
        raise NotPosted("there is no token to comment with", hint="set GITHUB_TOKEN")
    with Api(token, server) as api:
        return publish(api, target, comment)


def _told(published: Published, repository: str) -> str:
    from bbws_readiness.github.comments import Outcome

    outcome, comment = published.posted.outcome, published.posted.comment
    where = f"{repository}, pull request {published.number}"
    match outcome:
        case Outcome.CREATED | Outcome.UPDATED:
            return f"{where}: comment {comment} {outcome.value}"
        case Outcome.UNCHANGED:
            return f"{where}: comment {comment} says the same already; nothing was written"
        case Outcome.OLDER:
            return f"{where}: a newer run has commented; nothing was written"
        case Outcome.CLOSED:
            return f"{where} is closed; nothing was written"
    moved = "another commit is at the tip now" if published.number else "no open pull request has the assessed commit"
    return f"superseded: {moved}; nothing was written"


def _output(comment: int) -> int:
    from bbws_readiness.github.outputs import write_outputs

    try:
        write_outputs({"comment-id": comment})
    except NotWritten as error:
        complain(error.line)
        return NOT_POSTED
    return 0


def _to_summary(text: str) -> None:
    from bbws_readiness.github.summary import append_summary

    try:
        append_summary(text)
    except NotWritten as error:
        complain(error.line)


def _count(variable: str) -> int:
    text = os.environ.get(variable, "")
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else 0


def now() -> datetime:
    """The moment by which comments are ordered: UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
