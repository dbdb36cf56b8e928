"""Fuzzes for a while with two workers: one gives inputs to the readers, one whole projects to the command line.

    python -m tests.fuzz.run [--seconds N] [--seed TEXT] [--only readers|projects] [--kinds KIND …] [--keep N]

The same seed gives the same inputs in the same order. Every fault is told, made small and kept in `corpus`, where the
tests find it; ends with 1 when there was one. With atheris installed `--only guided` follows coverage instead.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any

from tests.fuzz import corpus, guided, projects
from tests.fuzz.explore import explore, totals
from tests.fuzz.judge import Judged
from tests.fuzz.targets import TARGETS
from tests.hostile.check import Runner

NO_SIGN_OF_LIFE = 90.0
"""Seconds after which a worker that reads one and the same input is ended."""
OVERTIME = 120.0
"""Seconds for making the last fault small."""
PROCESSES = multiprocessing.get_context("fork")


def main() -> int:
    """Run the workers; 1 when anything was found."""
    options = arguments()
    print(f"seed {options.seed}; {options.seconds:g} s; the same again: SEED={options.seed} make fuzz", flush=True)
    watched = [Watched(worker, options) for worker in workers(options)]
    while [one for one in watched if one.lives()]:
        time.sleep(0.5)
    found = sum(one.found for one in watched)
    for one in watched:
        print(f"{one.name}: {sum(one.executed.values())} inputs ({totals(one.executed)})")
    print(f"{found} faults" if found else "nothing was found", flush=True)
    return int(found > 0)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", default=str(random.SystemRandom().randrange(10**6)))
    parser.add_argument("--only", choices=("readers", "projects", "guided"))
    parser.add_argument("--kinds", nargs="*", choices=sorted(TARGETS), default=[])
    parser.add_argument("--keep", type=int, default=0, metavar="N", help="let the corpus grow to N inputs per kind")
    return parser.parse_args()


def workers(options: argparse.Namespace) -> list[Callable[..., None]]:
    """The workers that the options ask for."""
    known = {"readers": read, "projects": assess}
    if options.only == "guided" and importlib.util.find_spec("atheris"):
        known["guided"] = guided.read
    return [worker for name, worker in known.items() if options.only in (None, name)]


class Watched:
    """A worker and what it says; when it dies of an input, that is a fault, and another one goes on."""

    def __init__(self, worker: Callable[..., None], options: argparse.Namespace) -> None:
        self.name = worker.__module__.rpartition(".")[2] if worker is guided.read else worker.__name__
        self.found = 0
        self.executed: dict[str, int] = {}
        self._worker, self._options = worker, options
        self._end = time.monotonic() + options.seconds
        self._faults: set[str] = set()
        self._start(0)

    def _start(self, turn: int) -> None:
        self._turn = turn
        self._at_work = Path(tempfile.mkdtemp(prefix="fuzz")) / "input"
        self._said: SimpleQueue[tuple[str, Any]] = PROCESSES.SimpleQueue()
        self._done = False
        seed = f"{self._options.seed}/{self.name}/{turn}"
        left = self._end - time.monotonic()
        self._process: BaseProcess = PROCESSES.Process(
            target=self._worker, args=(seed, left, self._options, self._at_work, self._said.put)
        )
        self._process.start()

    def lives(self) -> bool:
        """Whether there is more to come; hears what the worker says."""
        while not self._said.empty():
            self._hear(*self._said.get())
        if self._process.is_alive():
            if self._stuck() or time.monotonic() > self._end + OVERTIME:
                os.kill(self._process.pid or 0, signal.SIGKILL)
            return True
        while not self._said.empty():
            self._hear(*self._said.get())
        if not self._done:
            self._died()
            fell_to_a_signal = (self._process.exitcode or 0) < 0
            if fell_to_a_signal and time.monotonic() < self._end:
                self._start(self._turn + 1)
                return True
        return False

    def _hear(self, what: str, content: Any) -> None:
        if what == "done":
            self._done = True
            for kind, number in content.items():
                self.executed[kind] = self.executed.get(kind, 0) + number
        else:
            self._tell(*content)

    def _tell(self, kind: str, data: bytes, judged: Judged) -> None:
        if f"{kind} {judged.fault}" in self._faults:
            return
        self._faults.add(f"{kind} {judged.fault}")
        self.found += 1
        path = corpus.keep(kind, data)
        print(f"FOUND {kind}: {judged.fault}\n  {path}\n  {data[:300]!r}\n{judged.detail}", flush=True)

    def _stuck(self) -> bool:
        try:
            return time.time() - self._at_work.stat().st_mtime > NO_SIGN_OF_LIFE
        except FileNotFoundError:
            return False

    def _died(self) -> None:
        kind, _, data = self._at_work.read_bytes().partition(b"\n") if self._at_work.exists() else (b"none", b"", b"")
        self._tell(kind.decode(), data, Judged(f"the process ended with {self._process.exitcode}", frozenset()))


def read(seed: str, seconds: float, options: argparse.Namespace, at_work: Path, say: Callable[[Any], None]) -> None:
    """The worker for readers."""

    def about_to(kind: str, data: bytes) -> None:
        at_work.write_bytes(kind.encode() + b"\n" + data)

    executed = explore(
        seed,
        seconds,
        tuple(options.kinds or TARGETS),
        about_to=about_to,
        found=lambda kind, data, judged: say(("found", (kind, data, judged))),
        most_kept=options.keep,
    )
    say(("done", dict(executed)))


def assess(seed: str, seconds: float, options: argparse.Namespace, at_work: Path, say: Callable[[Any], None]) -> None:
    """The worker for whole projects."""
    chance, end, executed = random.Random(seed), time.monotonic() + seconds, 0
    runner = Runner()
    faults: set[str] = set()
    while time.monotonic() < end:
        project = projects.mutated(chance)
        at_work.write_bytes(projects.KIND.encode() + b"\n" + project.to_bytes())
        executed += 1
        for fault in list(projects.check(project, runner)):
            if projects.kind_of(fault) not in faults:
                faults.add(projects.kind_of(fault))
                small = projects.smallest(project, fault, runner)
                say(("found", (projects.KIND, small.to_bytes(), Judged(fault, frozenset()))))
    runner.close()
    say(("done", {projects.KIND: executed}))


if __name__ == "__main__":
    sys.exit(main())
