"""The hidden lines by which a comment of ours is found again, and told to be older, newer or the same."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from msgspec import Struct

from bbws_readiness.patterns import regex

_STATE = regex(
    r"<!-- readiness-state (sha256=([0-9a-f]{64}) time=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) run=(\d{1,20})\.(\d{1,6}))"
    r" check=([0-9a-f]{64}) -->"
)
MOST_CHARACTERS = 100
"""Of each word of a mark."""
_TIME = "%Y-%m-%dT%H:%M:%SZ"


class State(Struct, frozen=True):
    """What made a comment: a digest of what it says, and which run said it when."""

    sha256: str
    """Of what it says, leaving out what every run says anew; empty when the text was changed since it was posted."""
    time: datetime
    """UTC, without a zone."""
    run: tuple[int, int] = (0, 0)
    """Number of the workflow run and of its attempt; zeros outside of a workflow."""

    def older_than(self, other: State) -> bool:
        """Whether `other` was made later. Numbers of runs rise within a repository; without them time decides."""
        if self.run[0] and other.run[0]:
            return self.run < other.run
        return self.time < other.time


def mark_of(slug: str, environment: str, folder: str = "") -> str:
    """The first line of every comment for that project and environment.

    `folder` is where the project lies in its repository: two may have the same slug.
    """
    return f"<!-- readiness {' '.join(map(_word, (slug, environment, *([folder] if folder else []))))} -->"


def _word(text: str) -> str:
    """`text` where it is plain and short, else what is left of it with a digest: no two texts have the same word."""
    plain = re.sub(r"[^\w./-]|-(?=-)", "_", text)[:MOST_CHARACTERS]
    return plain if plain == text and plain else f"{plain}_{digest(repr(text))[:12]}"


def marked(mark: str, text: str, *, time: datetime, run: tuple[int, int] = (0, 0), content: str | None = None) -> str:
    """The body to post: mark, state and text.

    `content` is what must differ for the comment to be edited: the text without what every run says anew, such as the
    commit. None means all of the text.
    """
    content = text if content is None else content
    told = f"sha256={digest(content)} time={time.strftime(_TIME)} run={run[0]}.{run[1]}"
    return f"{mark}\n<!-- readiness-state {told} check={_check(told, text)} -->\n{text}"


def digest(text: str) -> str:
    """SHA-256 of what a comment says, whatever becomes of its line ends and of blanks around it."""
    told = text.replace("\r\n", "\n").strip()
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _check(told: str, text: str) -> str:
    """What differs when anybody changes the state or the text."""
    return digest(f"{told} {digest(text)}")


def state_of(body: str, mark: str) -> State | None:
    """The state of a posted comment, None when it is not one of ours for `mark`.

    A comment whose text or state somebody changed has one that is older than all and like none, so it is overwritten.
    """
    lines = body.replace("\r\n", "\n").split("\n", 2)
    if lines[0] != mark:
        return None
    found = _STATE.fullmatch(lines[1]) if len(lines) > 1 else None
    text = lines[2] if len(lines) > 2 else ""
    if found is None or found[6] != _check(found[1], text):
        return State("", datetime.min)
    try:
        time = datetime.strptime(found[3], _TIME)
    except ValueError:
        return State("", datetime.min)
    return State(found[2], time, (int(found[4]), int(found[5])))
