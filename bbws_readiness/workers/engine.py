"""What an engine is: it runs one function on many items, and one item that is lost does not stop the rest."""

from __future__ import annotations

import gc
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from bbws_readiness.codes import Code
from bbws_readiness.errors import ReadinessError
from bbws_readiness.memory import forget_texts
from bbws_readiness.process.limits import MEMORY_BYTES, SECONDS, OutOfTime, limited

T = TypeVar("T")
R = TypeVar("R")

ENDED = "the process that assessed it was ended by the system"
MEMORY = f"more than {MEMORY_BYTES // 1024**2} MiB of memory"
TIME = f"more than {SECONDS} seconds"
SMALLER = "assess a smaller folder"
TIDY_EVERY = 16
"""Items whose texts are remembered together: projects of one house share some."""


class ItemLost(ReadinessError):
    """Of one item there is no result: it took too long or too much, or a fault of our own ended it."""

    exit_code = 4
    usual_code = Code.WORKER_ENDED


class InternalFault(ItemLost):
    """A fault of this tool ended the work on one item."""

    exit_code = 70
    usual_code = Code.INTERNAL


class Engine(Protocol):
    """Runs functions that can be found by their names, on items that can be pickled."""

    def run(
        self, task: Callable[[T], R], items: Sequence[T], homes: Sequence[Hashable] = ()
    ) -> Iterator[tuple[int, R | ItemLost]]:
        """The position and the result of every item as it ends, in any order.

        `homes` tell, for each item, what it is about: a process that has worked on that before is the first choice.

        Each item has the limits of a run for itself. What the task raises as a `ReadinessError` is raised here.
        """
        ...

    def close(self) -> None:
        """Ends everything that was started, at once."""
        ...


def collect_often() -> None:
    """For a process that lives for many items: what one leaves behind is taken away while the next are worked on."""
    gc.set_threshold(50_000, 20, 20)


def tidied(items: int) -> None:
    """For such a process, after each item: what is remembered is that of a few, and not of all there were."""
    # What refers to itself goes while it is young; among what has been there for long it would stay for many items.
    gc.collect(1)
    if items % TIDY_EVERY == 0:
        forget_texts()


def attempted(task: Callable[[T], R], item: T) -> R | ItemLost:
    """What the task makes of the item within the limits of one run; raises its `ReadinessError` and `Interrupted`."""
    try:
        with limited():
            return task(item)
    except OutOfTime:
        return ItemLost(TIME, hint=SMALLER, code=Code.TOO_SLOW)
    except MemoryError:
        return ItemLost(MEMORY, hint=SMALLER, code=Code.TOO_MUCH_MEMORY)
    except ReadinessError:
        raise
    except Exception as error:  # noqa: BLE001 - the outermost edge of what one item may do
        return internal_fault(error)


def internal_fault(error: Exception) -> InternalFault:
    """The fault of ours that an unexpected exception tells of, without its text."""
    trace: Any = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = ""
    if trace:
        name = trace.tb_frame.f_code.co_filename.replace("\\", "/").rpartition("/")[2]
        place = f" at {name}:{trace.tb_lineno}"
    return InternalFault(f"internal error ({type(error).__name__}{place})", hint="assess it alone with --debug")


class Done(Struct, frozen=True):
    """What came of an item in another process."""

    result: Any
    """A result, or an `ItemLost`."""
    raised: ReadinessError | None = None
    """What ends the whole run."""
