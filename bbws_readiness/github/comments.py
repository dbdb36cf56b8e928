"""Keeps one comment per project and environment on a pull request, and touches nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from bbws_readiness.github.api import Api
from bbws_readiness.github.faults import Gone, NotPermitted, NotPosted, TooLong, Unsettled
from bbws_readiness.github.marker import State, state_of

ACTIONS_BOT = "github-actions[bot]"
"""Whose name a workflow's own token comments under."""

_HIDE = "mutation($id: ID!) { minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) { clientMutationId } }"


_VIEWER = "query { viewer { login } }"
_HIDDEN = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on IssueComment { isMinimized } } }"
_MOST_NODES = 100
"""Of one query."""


class Mode(StrEnum):
    """What becomes of the comment of an earlier run."""

    UPDATE = "update"
    NEW = "new"
    HIDE_AND_NEW = "hide-and-new"
    DELETE_AND_NEW = "delete-and-new"


class Outcome(StrEnum):
    """What was done."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    """The comment says the same already."""
    OLDER = "older"
    """A newer run has commented."""
    MOVED = "moved"
    """The tip of the pull request is not what was assessed any more."""
    CLOSED = "closed"
    """The pull request is closed or merged."""


class Conversation(Struct, frozen=True):
    """A pull request or issue."""

    repository: str
    """`owner/name`."""
    number: int

    @property
    def comments(self) -> str:
        """The path of its comments."""
        return f"/repos/{self.repository}/issues/{self.number}/comments"

    def comment(self, number: int) -> str:
        """The path of one of them."""
        return f"/repos/{self.repository}/issues/comments/{number}"


class Posted(Struct, frozen=True):
    """What was done, and which comment stands now; 0 for none."""

    outcome: Outcome
    comment: int = 0
    left: str = ""
    """Why earlier comments of ours are still as they were, where they should not be."""


class Writer(Struct, frozen=True):
    """The account whose comments are ours."""

    number: int


class _Own(Struct, frozen=True):
    number: int
    node: str
    state: State


def writer_of(api: Api, login: str = "") -> Writer:
    """Whose token this is: the named account, else the one that GitHub tells, else the one of workflow runs."""
    try:
        found = api.get(_account(login) if login else "/user")
    except NotPermitted:
        found = api.get(_account(_bot(api)))
    number = found.get("id") if isinstance(found, Mapping) else None
    if not isinstance(number, int):
        raise NotPosted("GitHub does not say whose the token is")
    return Writer(number)


def _account(login: str) -> str:
    return f"/users/{quote(login, safe='')}"


def _bot(api: Api) -> str:
    """The account of an App, to which the token of a workflow run belongs as well; `/user` does not tell it."""
    try:
        login = api.query(_VIEWER)["viewer"]["login"]
    except (NotPosted, KeyError, TypeError):
        return ACTIONS_BOT
    return f"{str(login).removesuffix('[bot]')}[bot]"


def post(
    api: Api,
    conversation: Conversation,
    writer: Writer,
    *,
    mark: str,
    bodies: Sequence[str],
    mode: Mode = Mode.UPDATE,
) -> Posted:
    """Makes the first of `bodies` the comment that stands, unless it stands already or a newer run's does.

    Each begins with `mark` and has the same state; the next one is sent where GitHub finds one too long. Raises
    `NotPosted` and its kinds; then nothing was changed, or only comments of ours that are not the newest.
    """
    state = state_of(bodies[0], mark)
    if state is None:
        raise NotPosted("the comment does not begin with its mark")
    own = _own(api, conversation, writer, mark)
    newest = own[-1] if own else None
    if newest and newest.state.sha256 == state.sha256:
        return Posted(Outcome.UNCHANGED, newest.number)
    if newest and state.older_than(newest.state):
        return Posted(Outcome.OLDER, newest.number)
    if newest and mode is Mode.UPDATE:
        try:
            _shortened(bodies, lambda body: api.send("PATCH", conversation.comment(newest.number), {"body": body}))
        except Gone:
            return Posted(Outcome.CREATED, _created(api, conversation, writer, mark, bodies, own))
        return Posted(Outcome.UPDATED, newest.number, _supersede(api, conversation, own[:-1], newest.number))
    made = _created(api, conversation, writer, mark, bodies, own)
    return Posted(Outcome.CREATED, made, _put_away(api, conversation, own, mode))


def _shortened(bodies: Sequence[str], send: Callable[[str], Any]) -> Any:  # noqa: ANN401 - what GitHub answers
    for body in bodies[:-1]:
        try:
            return send(body)
        except TooLong:
            continue
    return send(bodies[-1])


def _created(
    api: Api, conversation: Conversation, writer: Writer, mark: str, bodies: Sequence[str], before: Sequence[_Own]
) -> int:
    """The number of a new comment, 0 where GitHub does not tell it.

    Where nobody knows whether one was made, the comments are looked through before another attempt, which is the last,
    and after that one.
    """
    known = {one.number for one in before}

    def send(body: str) -> Any:  # noqa: ANN401
        for attempt in (1, 2):
            try:
                return api.send("POST", conversation.comments, {"body": body})
            except Unsettled:
                new = [one.number for one in _own(api, conversation, writer, mark) if one.number not in known]
                if new:
                    return {"id": new[-1]}
                if attempt == 2:
                    raise
        raise AssertionError("the second attempt returns or raises")

    made = _shortened(bodies, send)
    number = made.get("id") if isinstance(made, Mapping) else None
    return number if isinstance(number, int) else 0


def _supersede(api: Api, conversation: Conversation, older: Sequence[_Own], newest: int) -> str:
    """Two runs at once leave two comments: the older ones refer to the one that stands, and are ours no more."""
    body = {"body": f"Superseded: see [the newer comment](#issuecomment-{newest})."}
    return _each(older, lambda one: api.send("PATCH", conversation.comment(one.number), body))


def _put_away(api: Api, conversation: Conversation, own: Sequence[_Own], mode: Mode) -> str:
    match mode:
        case Mode.HIDE_AND_NEW:
            return _each(_visible(api, own[-_MOST_NODES:]), lambda one: api.query(_HIDE, id=one.node))
        case Mode.DELETE_AND_NEW:
            return _each(own, lambda one: api.send("DELETE", conversation.comment(one.number)))
    return ""


def _visible(api: Api, own: Sequence[_Own]) -> Sequence[_Own]:
    """Those that are not hidden yet; all where GitHub does not tell."""
    try:
        nodes = api.query(_HIDDEN, ids=[one.node for one in own])["nodes"] if own else []
        hidden = {node["id"] for node in nodes if node and node.get("isMinimized")}
    except (NotPosted, KeyError, TypeError):
        return own
    return [one for one in own if one.node not in hidden]


def _each(own: Sequence[_Own], change: Callable[[_Own], Any]) -> str:
    """What keeps the rest from being changed, else nothing: the comment that counts stands already."""
    for one in own:
        try:
            change(one)
        except Gone:
            continue
        except NotPosted as error:
            return error.message
    return ""


def _own(api: Api, conversation: Conversation, writer: Writer, mark: str) -> list[_Own]:
    """The comments of ours that are marked so, the newest last."""
    found = []
    for one in api.pages(conversation.comments):
        if isinstance(one, Mapping) and _wrote(one, writer) and (state := state_of(str(one.get("body", "")), mark)):
            found.append(_Own(int(one["id"]), str(one.get("node_id", "")), state))
    # As `State.older_than` compares any two of them; what was changed since it was posted comes first.
    if all(one.state.run[0] for one in found if one.state.sha256):
        return sorted(found, key=lambda one: (one.state.run, one.state.time, one.number))
    return sorted(found, key=lambda one: (one.state.time, one.state.run, one.number))


def _wrote(comment: Mapping[str, Any], writer: Writer) -> bool:
    user = comment.get("user")
    return isinstance(user, Mapping) and user.get("id") == writer.number and isinstance(comment.get("id"), int)
