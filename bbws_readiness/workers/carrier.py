"""What runs in a worker of Dask: it hands each item on to a process of ours, one for each run and thread."""

from __future__ import annotations

import sys
import threading
from collections import deque
from functools import cache
from typing import TypeAlias, cast

import bbws_readiness
from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError
from bbws_readiness.workers.engine import ENDED, Done, ItemLost
from bbws_readiness.workers.frames import packed, unpacked
from bbws_readiness.workers.pool import Child

IDLE_SECONDS = 120.0
"""After which a process without work is ended: whoever asked for it may have been killed. A new one is soon there."""
RUNS = 64
"""Of those that were ended, so many are known."""
_Key: TypeAlias = tuple[str, int]

_lock = threading.Lock()
_children: dict[_Key, Child] = {}
"""By run and thread. Runs of others may be under way, and from other folders."""
_clocks: dict[_Key, threading.Timer] = {}
"""Of those without work."""
_over: deque[str] = deque(maxlen=RUNS)


@cache
def version() -> str:
    """What must be the same on both sides for a result to be the same."""
    from bbws_readiness.rulebooks import shipped_digest

    return f"{bbws_readiness.__version__}, rules {shipped_digest()}, Python {sys.version_info[0]}.{sys.version_info[1]}"


def other_version(theirs: str, ours: str) -> UsageError:
    """That a worker is of that version, or of none, where whoever asks is of `ours`."""
    what = f"a worker has another version: {theirs}; this is {ours}" if theirs else "a worker has no bbws-readiness"
    hint = "install the same bbws-readiness and Python on all workers"
    return UsageError(what, hint=hint, code=Code.ENGINE)


def carried(frame: bytes, folder: str, run: str, wanted: str) -> bytes:
    """What the process of this run and thread makes of the frame, as a packed `Done`; one that is lost is replaced.

    A worker that has come later, of another version than is wanted, ends the run; of a run that was ended nothing is
    begun.
    """
    if version() != wanted:
        return packed(Done(None, other_version(version(), wanted)))
    if run in _over:
        return packed(Done(ItemLost(ENDED)))
    key = (run, threading.get_ident())
    _begin(key)
    child = _children.get(key)
    if child is None or not child.give(frame):
        if child:
            child.end()
        child = _children[key] = Child()
        child.greet(folder, ())
        child.give(frame)
    answer = child.take_in_time()
    done = answer if isinstance(answer, Done) else cast(Done, unpacked(answer))
    if isinstance(done.result, ItemLost):
        child.end()
        _children.pop(key, None)
    else:
        _rest(key)
    return packed(answer) if isinstance(answer, Done) else answer


def end_children(run: str) -> None:
    """Ends the processes that this worker has for a run, for which nothing is begun any more."""
    _over.append(run)
    for key in [key for key in list(_children) if key[0] == run]:
        _begin(key)
        if child := _children.pop(key, None):
            child.end()


def _begin(key: _Key) -> None:
    """From now on nobody ends the process for want of work."""
    with _lock:
        clock = _clocks.pop(key, None)
    if clock:
        clock.cancel()


def _rest(key: _Key) -> None:
    """Ends the process when nothing comes for it."""
    clock = threading.Timer(IDLE_SECONDS, _forsaken, (key,))
    clock.daemon = True
    with _lock:
        _clocks[key] = clock
    clock.start()


def _forsaken(key: _Key) -> None:
    with _lock:
        # Whoever begins something has taken the clock away.
        child = _children.pop(key, None) if _clocks.pop(key, None) else None
    if child:
        child.end()
