"""Runs the command many times: everything is imported once, and each run is a fork that a guard watches.

One JSON object per line comes in (see `Run`) and one goes out for each; the process ends with its input.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.forked import import_everything
from tests.hostile.catalogue import BASE
from tests.hostile.guard import PACKAGE, Guard, Limits

MEMORY = 1024 * 1024 * 1024
"""Bytes of address space beyond what the runner has itself."""
CPU_SECONDS = 20
WALL_SECONDS = 60


@dataclass(frozen=True)
class Run:
    """One run of the command."""

    folder: str
    """Where it is started."""
    root: str
    arguments: list[str]
    environment: dict[str, str]
    outputs: list[str]
    inputs: list[str]
    stdin: str = os.devnull
    unprivileged: bool = False
    """Without the right of root to read what nobody may read."""
    misdeed: str = ""
    """Instead of the command: something that the guard must see; for the test of the guard."""


@dataclass
class Outcome:
    """How a run ended."""

    exit: int | None
    signal: int | None
    timed_out: bool
    wall: float
    cpu: float
    peak: int
    """Bytes of memory at the highest."""
    violations: list[str] = field(default_factory=list)


def main() -> None:
    """Answer every line of standard input."""
    preload()
    for line in sys.stdin:
        outcome = perform(Run(**json.loads(line)))
        sys.stdout.write(json.dumps(asdict(outcome)) + "\n")
        sys.stdout.flush()


def preload() -> None:
    """Import what the command would import when it is called, so that a run only runs."""
    import_everything()
    for library in LIBRARIES:
        importlib.import_module(library)
    warm()
    # What is there by now stays; a run that looks through it for garbage would copy every page of it.
    gc.collect()
    gc.freeze()
    # The guard takes a compiled module for what the run wrote.
    sys.dont_write_bytecode = True


def warm() -> None:
    """Run once over the harmless project, so that what the package keeps of its own files is kept."""
    command = importlib.import_module("bbws_readiness.cli.main").main
    before = Path.cwd(), sys.argv, sys.stdout
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nothing:
        project = shutil.copytree(BASE, Path(folder) / "project")
        os.chdir(project)
        sys.argv, sys.stdout = ["readiness", "assess", "sit"], nothing
        try:
            command()
        except SystemExit:
            pass
        finally:
            os.chdir(before[0])
            sys.argv, sys.stdout = before[1], before[2]


LIBRARIES = ("difflib", "jsonschema", "jinja2", "markdown_it", "yaml", "re2", "tempfile", "subprocess", "decimal")


def perform(run: Run) -> Outcome:
    """Fork, let the command run there, and wait for it, but not for ever."""
    reading, writing = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(reading)
        in_child(run, writing)
    os.close(writing)
    told = b""
    handle = os.pidfd_open(child)
    deadline = began + WALL_SECONDS
    open_pipe = True
    while time.monotonic() < deadline:
        ready = select.select([handle, reading] if open_pipe else [handle], [], [], max(0, deadline - time.monotonic()))
        if reading in ready[0]:
            part = os.read(reading, 65536)
            told += part
            open_pipe = bool(part)
        elif handle in ready[0]:
            break
    timed_out = not select.select([handle], [], [], 0)[0]
    if timed_out:
        os.kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    os.close(handle)
    os.close(reading)
    return Outcome(
        exit=os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
        timed_out=timed_out,
        wall=time.monotonic() - began,
        cpu=usage.ru_utime + usage.ru_stime,
        peak=usage.ru_maxrss * 1024,
        violations=told.decode("utf-8", "replace").splitlines(),
    )


def in_child(run: Run, writing: int) -> None:
    """The run itself; never returns."""
    code = 99
    try:
        prepare(run)
        root = Path(os.path.realpath(run.root))
        limits = Limits(root, tuple(map(Path, run.outputs)), tuple(map(Path, run.inputs)))
        guard = Guard(limits, lambda fault: void(os.write(writing, fault.replace("\n", " ").encode() + b"\n")))
        command = misdeed(run.misdeed) if run.misdeed else importlib.import_module("bbws_readiness.cli.main").main
        guard.install()
        try:
            command()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 98
        except BaseException as error:  # noqa: BLE001 - the outermost edge
            sys.stderr.write(f"Traceback: {error!r}\n")
        sys.stdout.flush()
        sys.stderr.flush()
        for name in guard.imported_below_root():
            os.write(writing, f"import: {name} comes from the project\n".encode())
    finally:
        os._exit(code)


def prepare(run: Run) -> None:
    """Folder, environment, streams, limits and arguments of the run."""
    os.chdir(run.folder)
    os.environ.clear()
    os.environ.update(run.environment)
    sys.argv = ["readiness", *run.arguments]
    for number, path, flags in (
        (0, run.stdin, os.O_RDONLY),
        (1, f"{run.folder}/../stdout", os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, f"{run.folder}/../stderr", os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        os.dup2(os.open(path, flags, 0o600), number)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if run.unprivileged:
        drop_rights()


def drop_rights() -> None:
    """Give up every capability, so that root too is refused what a mode forbids."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None, use_errno=True).capset(header, nothing) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def misdeed(source: str) -> Any:
    """A function that does what a hostile project would like to see done."""
    code = compile(source, str(PACKAGE / "misdeed"), "exec")
    return lambda: exec(code, {})


def void(_: object) -> None:
    """Nothing."""


if __name__ == "__main__":
    main()
