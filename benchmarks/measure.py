"""Runs whole commands in turns, and tells how long each took and how much memory it held."""

from __future__ import annotations

import contextlib
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SECONDS = 900
"""After so long a command is ended, and counts as failed."""
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which the system counts `ru_maxrss`."""


@dataclass(frozen=True)
class Sample:
    """One run of one command."""

    seconds: float
    """Of wall clock, from the start of the process to its end."""
    cpu: float
    """Seconds of all its processes, in user and system mode."""
    peak: int
    """Bytes of the largest of its processes, at its largest."""


@dataclass(frozen=True)
class Command:
    """A command as it is started, and what must hold for the run to count."""

    arguments: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]
    before: Callable[[], None] = lambda: None
    """Called before each run; its time does not count."""
    accepted: frozenset[int] = frozenset({0})
    """Exit codes of a run that counts."""
    proof: Path | None = None
    """A file that a run leaves, if it did what it was asked for."""


@dataclass(frozen=True)
class Race:
    """What came of commands that ran in turns, by the name of each."""

    samples: Mapping[str, tuple[Sample, ...]]
    """As many as there were rounds, in their order: those of one round belong together."""
    failed: Mapping[str, str] = field(default_factory=dict)
    """Why a command is not among the samples."""


class Failed(Exception):
    """A run ended otherwise than it should; the message says how."""


def race(commands: Mapping[str, Command], rounds: int, *, warm_up: bool = True) -> Race:
    """Every command once in each round, in their order, after each has run once untimed.

    A command that fails is left out from then on, with all its samples.
    """
    samples: dict[str, list[Sample]] = {name: [] for name in commands}
    failed: dict[str, str] = {}
    for number in range(-1 if warm_up else 0, rounds):
        for name, command in commands.items():
            if name in failed:
                continue
            try:
                sample = run(command)
            except Failed as reason:
                failed[name] = str(reason)
                del samples[name]
                continue
            if number >= 0:
                samples[name].append(sample)
    return Race({name: tuple(found) for name, found in samples.items()}, failed)


def run(command: Command) -> Sample:
    """Runs it to its end, with nothing to read and its output thrown away. Raises `Failed`."""
    command.before()
    began = time.perf_counter()
    try:
        process = subprocess.Popen(
            command.arguments,
            cwd=command.folder,
            env=dict(command.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Whatever it starts ends with it, and an interruption of the terminal is for this process.
            start_new_session=True,
        )
    except OSError:
        raise Failed("cannot be started") from None
    clock = threading.Timer(SECONDS, _end, (process.pid,))
    clock.start()
    try:
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    except BaseException:
        _end(process.pid)
        process.wait()
        raise
    finally:
        clock.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in command.accepted:
        raise Failed(f"ended with exit code {process.returncode} after {seconds:.1f} s")
    if command.proof and not command.proof.exists():
        raise Failed(f"left no {command.proof.name}")
    return Sample(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * RSS_UNIT)


def _end(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def median(values: Iterable[float]) -> float | None:
    """None of nothing."""
    found = list(values)
    return statistics.median(found) if found else None
