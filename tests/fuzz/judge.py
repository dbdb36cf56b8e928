"""Reads one input under limits and says what is wrong with how that ended."""

from __future__ import annotations

import re
import resource
import signal
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import FrameType

from msgspec import Struct

from bbws_readiness.codes import Code
from bbws_readiness.errors import MAX_TEXT, Diagnostic
from bbws_readiness.fact import Unknown
from bbws_readiness.source import Location, Source
from tests.fuzz.targets import REPOSITORY, Target

CPU_SECONDS = 10.0
MEMORY = 512 * 1024 * 1024
"""Bytes beyond what the process has itself."""
VARYING = re.compile(r'"[^"]*"|\d+|[^\x00-\x7f]')


class TooSlow(BaseException):
    """An input took more than its seconds of CPU."""


@dataclass(frozen=True)
class Judged:
    """How reading an input ended."""

    fault: str
    """Empty when all is well; else what is wrong, in words that stay the same while the input shrinks."""
    signature: frozenset[str]
    """The kinds of things that were told: an input with a new signature went a new way."""
    detail: str = ""
    """A traceback, for a person."""


def judge(target: Target, data: bytes) -> Judged:
    """Read `data`; whatever is raised is a fault, and so is a diagnostic that is none of ours."""
    try:
        with limited():
            answer = target.read(data)
        fault = next(misplaced(data, answer.told), "")
        said = {f"{one.code} {VARYING.sub('*', one.summary)}"[:100] for one in answer.told}
        return Judged(fault, frozenset(said | set(shapes(answer.nouns))))
    except TooSlow as error:
        return Judged(f"more than {CPU_SECONDS:g} s of CPU", frozenset(), origin(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
        place = origin(error)
        return Judged(f"{type(error).__name__} at {place}", frozenset(), traceback.format_exc()[-3000:])


def misplaced(data: bytes, told: Sequence[Diagnostic]) -> Iterator[str]:
    """Diagnostics without code, of several lines, too long, or at a place that the file does not have."""
    lines = data.count(b"\n") + 1
    for one in told:
        if not isinstance(one.code, Code):
            yield "a diagnostic has no code"
        if len(one.summary) > MAX_TEXT or "\n" in str(one) or not one.summary:
            yield f"a diagnostic is empty, long or has two lines: {one.code}"
        if one.at.path in SHOWN and not 0 <= one.at.line <= lines:
            yield f"a diagnostic stands below the last line: {one.code}"
        if one.at.column < 1:
            yield f"a diagnostic stands before the first column: {one.code}"


SHOWN = frozenset({"main.tf", "a.tfvars", "main.tf.json", "promotions/a_promotion.md", "schemas/a.schema.json"})
"""Files that hold the input itself."""


def shapes(nouns: tuple[object, ...]) -> Iterator[str]:
    """What the nouns are made of, without names and values."""
    pending: list[tuple[str, object]] = [(str(number), noun) for number, noun in enumerate(nouns)]
    for _ in range(MOST_PARTS):
        if not pending:
            return
        name, part = pending.pop()
        if isinstance(part, Unknown):
            yield f"{name}: unknown, {VARYING.sub('*', part.reason)[:40]}"
        elif isinstance(part, Struct) and not isinstance(part, Source | Location):
            inner = f"{type(part).__name__}."
            pending += [(inner + one, getattr(part, one)) for one in part.__struct_fields__]
        elif isinstance(part, tuple | list | Mapping):
            yield f"{name}: {min(len(part), 3)} parts"
            pending += [(name, one) for one in (part.values() if isinstance(part, Mapping) else part)]
        else:
            yield f"{name}: {part if isinstance(part, bool | Enum) else type(part).__name__}"


MOST_PARTS = 5000


def origin(error: BaseException) -> str:
    """The innermost line of our package that an error came through; the same line whatever the depth."""
    ours = [
        f"{Path(frame.filename).relative_to(REPOSITORY)}:{frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-400:]
        if Path(frame.filename).is_relative_to(REPOSITORY / "bbws_readiness")
    ]
    return ours[-1] if ours else "an unknown place"


@contextmanager
def limited() -> Iterator[None]:
    """Within it `TooSlow` is raised after the seconds of CPU."""
    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def late(_number: int, _frame: FrameType | None) -> None:
    """The seconds are over."""
    raise TooSlow


def limit_memory() -> None:
    """From here on the process may take `MEMORY` more than it has."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
