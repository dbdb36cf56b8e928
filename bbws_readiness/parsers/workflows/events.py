"""Tells what GitHub's contexts stand for when an event starts a workflow, and which starts a condition lets through."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec import Struct

from bbws_readiness.fact import Fact
from bbws_readiness.parsers.workflows.evaluation import ANYTHING, Anything, Value, truth_of
from bbws_readiness.parsers.workflows.expressions import (
    Call,
    Expression,
    Literal,
    Name,
    Operation,
    literals,
    names,
    one_of,
)
from bbws_readiness.positioned import Node

ANY = "*"
"""The event of a workflow that others call, or whose triggers cannot be told: any."""
EVERY = "*"
"""Stands for all branches."""
MAX_WORDS = 24
"""A condition that compares with more words is not followed."""
MAX_FILTERS = 40
"""Triggers and their filters; of a workflow with more nothing is told."""
MAX_COMPARED = 200_000
"""Comparisons that are tried for one workflow."""

HEAD_BRANCH = "github.event.workflow_run.head_branch"
REFERENCES = frozenset({"github.ref", "github.ref_name", HEAD_BRANCH})
FOLLOWED = frozenset({*REFERENCES, "github.ref_type", "github.event_name", "github.head_ref", "github.base_ref"})
"""The contexts whose values an event determines."""
_HEADS, _TAGS, _PULLS = "refs/heads/", "refs/tags/", "refs/pull/"
_FRESH = "a-name-that-nobody-wrote"
_OF_PULL_REQUEST = frozenset({"pull_request", "pull_request_review", "pull_request_review_comment"})
_BRANCH_OR_TAG = frozenset(
    {"push", "workflow_dispatch", "create", "deployment", "deployment_status", "registry_package", ANY}
)
_NOT_FOLLOWED = Name("?")


class Trigger(Struct, frozen=True):
    """An event that starts the workflow, with the references it is restricted to (`refs/heads/main`, also globs)."""

    event: str
    only: tuple[str, ...] = ()
    """Empty when nothing restricts them."""
    kinds: frozenset[str] = frozenset({_HEADS, _TAGS})
    """What the references can begin with."""


ANY_TRIGGER = Trigger(ANY, kinds=frozenset({_HEADS, _TAGS, _PULLS}))


class Start(Struct, frozen=True):
    """One way in which the workflow may be started."""

    event: str
    reference: str

    @property
    def label(self) -> str:
        """The branch; a tag with `refs/tags/`."""
        return self.reference.removeprefix(_HEADS).replace(_FRESH, EVERY)

    @property
    def everything(self) -> bool:
        """Whether it stands for all references of its kind."""
        return self.reference in (_HEADS + _FRESH, _TAGS + _FRESH) or self.reference.startswith(_PULLS)

    def known(self, path: str) -> Value | Anything:
        """What the context path stands for."""
        match path:
            case "github.ref":
                return self.reference
            case "github.ref_name":
                return re.sub(r"^refs/[a-z]+/", "", self.reference)
            case "github.ref_type":
                return "tag" if self.reference.startswith(_TAGS) else "branch"
            case "github.event_name":
                return ANYTHING if self.event == ANY else self.event
            case "github.head_ref" | "github.base_ref":
                return self._of_pull_request()
        return self._head_branch() if path == HEAD_BRANCH else ANYTHING

    def surely(self, path: str) -> Value | Anything:
        """As `known`; of the branch of a run that started this one nothing, because it need not be the same."""
        return ANYTHING if path == HEAD_BRANCH and self.event == "workflow_run" else self.known(path)

    def _of_pull_request(self) -> Value | Anything:
        return ANYTHING if self.event == ANY or self.event.startswith("pull_request") else ""

    def _head_branch(self) -> Value | Anything:
        if self.event == "workflow_run":
            return self.reference.removeprefix(_HEADS)
        return ANYTHING if self.event == ANY else ""


class Starts:
    """All ways in which a workflow may be started."""

    def __init__(self, triggers: Sequence[Trigger] = (ANY_TRIGGER,)) -> None:
        self._triggers = triggers if sum(1 + len(one.only) for one in triggers) <= MAX_FILTERS else (ANY_TRIGGER,)
        self._left = MAX_COMPARED

    def told_apart_by(self, words: Collection[str]) -> tuple[Start, ...]:
        """Starts of which at least one behaves like any other one, where references are compared with these words.

        Empty when there are too many words, or too many were asked for before.
        """
        if len(words) > MAX_WORDS or self._left <= 0:
            return ()
        found = [Start(trigger.event, one) for trigger in self._triggers for one in _references(trigger, words)]
        self._left -= len(found) * (1 + len(words))
        return tuple(dict.fromkeys(found))

    def letting_through(self, condition: Expression, *, outcome: bool = True) -> tuple[Start, ...] | None:
        """The starts for which the condition may have that outcome; None when it has it for all, or too many."""
        followed = followed_in(condition)
        if not any(path in FOLLOWED for path in names(followed)):
            return None
        starts = self.told_apart_by(tuple(dict.fromkeys(literals(followed))))
        found = tuple(start for start in starts if truth_of(followed, start.known) is not (not outcome))
        return found if len(found) < len(starts) else None


def read_starts(triggers: Sequence[Fact[str]], document: Node) -> Starts:
    """How the triggers of the workflow start it."""
    events = [trigger.or_none() for trigger in triggers]
    if not events or None in events or "workflow_call" in events:
        return Starts()
    return Starts([_trigger(event, document) for event in events if event])


def branches_of(starts: Iterable[Start] | None) -> frozenset[str] | None:
    """The branches (tags as `refs/tags/…`) that the starts come from, `*` for all branches; None when any can."""
    if starts is None:
        return None
    labels = {start.label: start for start in starts}
    kinds = {start.reference.split("/")[1] for start in labels.values() if start.everything}
    if "pull" in kinds or len(kinds) > 1:
        return None
    return frozenset(label for label in labels if not _covered(label, labels))


def _covered(label: str, labels: Collection[str]) -> bool:
    """Whether another label stands for it too; of a name that a branch and a tag can have the branch is told."""
    if label != EVERY and not label.startswith(_TAGS) and EVERY in labels:
        return True
    return (label + EVERY) in labels or (label.startswith(_TAGS) and label.removeprefix(_TAGS) in labels)


def followed_in(expression: Expression) -> Expression:
    """The expression with a name that nobody knows in place of calls that work with a reference otherwise.

    A start stands for many references; only comparisons and `startsWith` with a written word come out alike for all.
    """
    match expression:
        case Call("startswith", (Name(), Literal())):
            return expression
        case Call("contains", (Call("fromjson", (Literal(text),)), Name() as name)):
            return one_of(name, text) or _NOT_FOLLOWED
        case Call(function, arguments) if arguments:
            inner = tuple(followed_in(argument) for argument in arguments)
            spoken = any(path in FOLLOWED for argument in inner for path in names(argument))
            return _NOT_FOLLOWED if spoken or _NOT_FOLLOWED in inner else Call(function, inner)
        case Operation("<" | "<=" | ">" | ">="):
            return _NOT_FOLLOWED
        case Operation(operator, left, right):
            return Operation(operator, followed_in(left) if left else None, followed_in(right))
    return expression


def _trigger(event: str, document: Node) -> Trigger:
    if event in _OF_PULL_REQUEST:
        return Trigger(event, kinds=frozenset({_PULLS}))
    if event == "release":
        return Trigger(event, kinds=frozenset({_TAGS}))
    if event == "push":
        return _of_push(document)
    return Trigger(event, kinds=frozenset({_HEADS, _TAGS} if event in _BRANCH_OR_TAG else {_HEADS}))


def _of_push(document: Node) -> Trigger:
    """A filter of branches alone leaves tags out, and the other way round."""
    filters = {member: document.find("on", "push", member) for member in ("branches", "tags")}
    ignoring = {member: document.find("on", "push", f"{member}-ignore") for member in ("branches", "tags")}
    prefixes = {"branches": _HEADS, "tags": _TAGS}
    named = {prefixes[member] for member in prefixes if filters[member] or ignoring[member]}
    only: list[str] = []
    for member, node in filters.items():
        if node is None:
            only += [prefixes[member] + "**"] if ignoring[member] else []
            continue
        listed = [one.raw for one in (node.elements() if node.shape == "sequence" else (node,)) if one.text]
        only += [prefixes[member] + one for one in listed if not one.startswith("!")]
    return Trigger("push", tuple(only), frozenset(named) or frozenset({_HEADS, _TAGS}))


def _references(trigger: Trigger, words: Collection[str]) -> Iterator[str]:
    """References that the words can tell apart, of those that the trigger lets in."""
    fresh = [kind + _FRESH for kind in (_HEADS, _TAGS, _PULLS) if kind in trigger.kinds]
    for word in words:
        for written in (word, word + _FRESH):
            fresh += [written] if written.startswith("refs/") else [kind + written for kind in (_HEADS, _TAGS)]
    allowed = (one for one in fresh if one.startswith(tuple(trigger.kinds)))
    if not trigger.only:
        yield from allowed
        return
    # A glob stands for the references that nobody wrote.
    yield from ((one.replace("**", _FRESH) if one.endswith("/**") else one) for one in trigger.only)
    yield from (one for one in allowed if any(fnmatch.fnmatchcase(one, glob) for glob in trigger.only))
