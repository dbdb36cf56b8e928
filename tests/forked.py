"""The command in processes that need not begin anew: one that has imported everything forks for each run.

A run has its own process, folder, environment, arguments and streams. What it shares with other runs are the modules,
what the package keeps of its own files, and the seed of hashes; how a process starts is tested in `tests/process`.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import json
import os
import pkgutil
import select
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

SECONDS = 60
REDIRECTIONS: dict[str, dict[int, str]] = {
    "": {},
    "<&-": {0: ""},
    "<&- 2>&-": {0: "", 2: ""},
    ">&-": {1: ""},
    ">/dev/full": {1: "/dev/full"},
}
"""Which streams each closes (those without a path), and where it sends standard output."""
ROOT = Path(__file__).parent.parent
START = ROOT / "bbws_readiness" / "__main__.py"


def forked(
    *arguments: object,
    cwd: Path | None = None,
    stdin: bytes = b"",
    environment: dict[str, str],
    script: str = "",
    redirection: str = "",
) -> subprocess.CompletedProcess[str]:
    """What `python -P -m bbws_readiness` does with exactly this environment, in UTF-8 mode; or what `-c script` does.

    `redirection` is one of `REDIRECTIONS`, in the words of a shell. Settings of the interpreter, which it reads when it
    starts, get an interpreter of their own. Raises `subprocess.TimeoutExpired` after a minute.
    """
    line = list(map(str, arguments))
    own = any(name.startswith("PYTHON") and os.environ.get(name) != value for name, value in environment.items())
    if own or not hasattr(os, "pidfd_open"):  # Linux has it
        return fresh(*line, cwd=cwd, stdin=stdin, environment=environment, script=script, redirection=redirection)
    with tempfile.TemporaryDirectory(prefix="readiness-run-") as folder:
        streams = [str(Path(folder) / name) for name in ("stdin", "stdout", "stderr")]
        Path(streams[0]).write_bytes(stdin)
        request = {
            "arguments": line,
            "folder": str(cwd or Path.cwd()),
            "environment": {**environment, "PYTHONUTF8": "1"},
            "streams": [*streams[:1], REDIRECTIONS[redirection].get(1) or streams[1], *streams[2:]],
            "closed": [number for number, path in REDIRECTIONS[redirection].items() if not path],
            "script": script,
        }
        code = _server().perform(request)
        if code is None:
            raise subprocess.TimeoutExpired(line, SECONDS)
        out, err = (Path(stream).read_text("utf-8") if Path(stream).exists() else "" for stream in streams[1:])
    return subprocess.CompletedProcess(line, code, out, err)


def fresh(
    *arguments: object,
    cwd: Path | None = None,
    stdin: bytes = b"",
    environment: dict[str, str],
    script: str = "",
    redirection: str = "",
) -> subprocess.CompletedProcess[str]:
    """The same with an interpreter that begins anew."""
    assert redirection in REDIRECTIONS
    program = ["-c", script] if script else ["-m", "bbws_readiness"]
    started = ["sh", "-c", f'exec "$@" {redirection}', "sh"] if redirection else []
    done = subprocess.run(
        [*started, sys.executable, "-P", *program, *map(str, arguments)],
        cwd=cwd,
        env={"PYTHONUTF8": "1", **environment},
        input=stdin,
        capture_output=True,
        timeout=SECONDS,
    )
    out, err = (io.TextIOWrapper(io.BytesIO(data), "utf-8").read() for data in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


class _Server:
    def __init__(self) -> None:
        kept = {key: value for key, value in os.environ.items() if key == "PATH" or key.startswith("PYTHON")}
        self._process = subprocess.Popen(
            [sys.executable, "-P", __file__],
            cwd=ROOT,
            env={**kept, "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self.close)

    def perform(self, request: dict[str, Any]) -> int | None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: int | None = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@cache
def _server() -> _Server:
    return _Server()


def _serve() -> None:
    """Answers every line of standard input with the exit code of a run, as `subprocess` tells it, or null."""
    from bbws_readiness.__main__ import main

    import_everything()
    # As `python -m` has it: usage lines are made of both.
    sys.modules["__main__"].__package__ = "bbws_readiness"
    with tempfile.TemporaryDirectory() as folder:
        _warm(Path(folder))
    gc.collect()
    gc.freeze()
    # A suite in the background ignores it, and what it starts would do so too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(main, request)
        sys.stdout.write(json.dumps(_ended(child)) + "\n")
        sys.stdout.flush()


def import_everything() -> None:
    """Every module of the package, so that no run has to: what a run alone would load is tested elsewhere."""
    import bbws_readiness

    for module in pkgutil.walk_packages(bbws_readiness.__path__, "bbws_readiness."):
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as missing:  # of an extra that is not installed
            if str(missing.name).startswith("bbws_readiness"):
                raise


def _warm(folder: Path) -> None:
    """One run over the example, so that what the package keeps of its own files is kept."""
    from datetime import datetime

    from bbws_readiness.pipeline import assess_project
    from bbws_readiness.render.documents import render_documents
    from bbws_readiness.render.terminal_line import quiet_text
    from bbws_readiness.render.write import write_documents

    found = assess_project(ROOT / "examples" / "dynamodb_schemas", "sit", as_of=datetime(2026, 1, 7))
    write_documents(folder / "out", render_documents(found), project=folder)
    quiet_text(found, lambda text, _: text)


def _ended(child: int) -> int | None:
    handle = os.pidfd_open(child)
    in_time = bool(select.select([handle], [], [], SECONDS)[0])
    os.close(handle)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code if in_time else None


def _run(main: Callable[[], None], request: dict[str, Any]) -> None:
    """The run itself; never returns."""
    code: object = 1
    try:
        _become(request)
        try:
            if script := request["script"]:
                exec(compile(script, "<string>", "exec"), {"__name__": "__main__"})
            else:
                main()
            code = 0
        except SystemExit as ended:
            code = ended.code or 0
        except BaseException:  # noqa: BLE001 - the outermost edge
            traceback.print_exc()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    finally:
        os._exit(code if isinstance(code, int) else 1)


def _become(request: dict[str, Any]) -> None:
    """Folder, environment, arguments and streams of the run, as an interpreter makes them."""
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["-c" if request["script"] else str(START), *request["arguments"]]
    for number, path in enumerate(request["streams"]):
        opened = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(  # noqa: SIM115
        1, "w", encoding="utf-8", errors="surrogateescape", newline="\n", closefd=False
    )
    sys.stderr = sys.__stderr__ = open(  # noqa: SIM115
        2, "w", 1, encoding="utf-8", errors="backslashreplace", newline="\n", closefd=False
    )
    for number in request["closed"]:
        # An interpreter that finds one closed puts None in its place.
        os.close(number)
        name = ("stdin", "stdout", "stderr")[number]
        setattr(sys, name, None)
        setattr(sys, f"__{name}__", None)


if __name__ == "__main__":
    _serve()
