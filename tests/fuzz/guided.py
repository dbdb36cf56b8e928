"""The worker that coverage guides, when atheris is installed; it is no dependency of the tests."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

from tests.fuzz import corpus
from tests.fuzz.judge import judge
from tests.fuzz.mutate import LARGEST
from tests.fuzz.targets import TARGETS

LATEST = 5.0
"""Seconds before the end from which on nothing is read any more, because libFuzzer ends without a word."""


def read(seed: str, seconds: float, options: argparse.Namespace, at_work: Path, say: Callable[[Any], None]) -> None:
    """Fuzz the kinds: the first byte of an input chooses one of them."""
    import atheris

    kinds = tuple(options.kinds or TARGETS)
    executed: Counter[str] = Counter()
    faults: set[str] = set()
    end = time.monotonic() + seconds - LATEST
    done = [False]

    def one_input(data: bytes) -> None:
        if done[0] or not data:
            return
        if time.monotonic() >= end:
            done[0] = True
            say(("done", dict(executed)))
            return
        kind, rest = kinds[data[0] % len(kinds)], data[1:]
        at_work.write_bytes(kind.encode() + b"\n" + rest)
        executed[kind] += 1
        judged = judge(TARGETS[kind], rest)
        if judged.fault and judged.fault not in faults:
            faults.add(judged.fault)
            say(("found", (kind, rest, judged)))

    seeds = Path(tempfile.mkdtemp(prefix="fuzz"))
    for number, kind in enumerate(kinds):
        for path in corpus.kept(kind):
            (seeds / f"{kind}-{path.name}").write_bytes(bytes((number,)) + path.read_bytes())
    instrument(atheris.instrument_func)
    left = max(int(end - time.monotonic()), 1)
    limits = [f"-max_total_time={left + int(LATEST)}", f"-max_len={LARGEST}", "-rss_limit_mb=2048", "-timeout=120"]
    number = sum(seed.encode()) or 1
    atheris.Setup(["fuzz", *limits, f"-seed={number}", "-verbosity=0", str(seeds)], one_input)
    atheris.Fuzz()


def instrument(instrumented: Callable[[Any], Any]) -> None:
    """Count the branches of the package's own functions and methods; everything else would take a minute more."""
    for name, module in sorted(sys.modules.items()):
        if not name.startswith("bbws_readiness."):
            continue
        for owner in (module, *(one for one in vars(module).values() if isinstance(one, type))):
            for one in vars(owner).values():
                if isinstance(one, FunctionType) and one.__module__ == name:
                    instrumented(one)
