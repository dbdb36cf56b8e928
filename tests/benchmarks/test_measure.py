"""Commands run in turns; one that ends otherwise than it should is left out and named."""

import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from benchmarks.loaded import account_of
from benchmarks.measure import Command, race, run


def command(script: str, folder: Path, **more: object) -> Command:
    return Command((sys.executable, "-S", "-E", "-c", script), folder, dict(os.environ), **more)  # type: ignore[arg-type]


def test_commands_run_in_turns_and_a_failing_one_is_left_out(tmp_path: Path) -> None:
    said = tmp_path / "said"
    write = "open('said', 'a').write('{}')"
    found = race(
        {
            "a": command(write.format("a"), tmp_path, before=partial(_add, said, "-")),
            "b": command(f"{write.format('b')}; raise SystemExit(3)", tmp_path),
            "c": command(write.format("c"), tmp_path, proof=tmp_path / "never"),
            "d": command(f"{write.format('d')}; raise SystemExit(1)", tmp_path, accepted=frozenset({0, 1})),
            "e": Command((str(tmp_path / "absent"),), tmp_path, {}),
        },
        rounds=2,
    )
    assert said.read_text() == "-abcd" + "-ad" * 2
    assert {name: len(samples) for name, samples in found.samples.items()} == {"a": 2, "d": 2}
    assert found.failed["b"].startswith("ended with exit code 3")
    assert found.failed["c"] == "left no never"
    assert found.failed["e"] == "cannot be started"
    assert all(one.seconds > 0 and one.cpu > 0 and one.peak > 1024**2 for one in found.samples["a"])


def test_an_interruption_ends_the_command_and_what_it_has_started(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys; p = subprocess.Popen(['sleep', '600']); open('pid', 'w').write(str(p.pid)); p.wait()"
    )

    pid = tmp_path / "pid"

    def interrupt(*_: object) -> None:
        if pid.exists() and pid.read_text():
            signal.setitimer(signal.ITIMER_REAL, 0)
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    try:
        with pytest.raises(KeyboardInterrupt):
            run(command(script, tmp_path))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    deadline = time.monotonic() + 20
    while alive(int(pid.read_text())) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not alive(int(pid.read_text()))


def alive(number: int) -> bool:
    """Whether the process is at work; one that only waits to be noticed is not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _add(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def test_the_account_of_imports_is_read_among_other_lines() -> None:
    text = (
        "import time: self [us] | cumulative | imported package\n"
        "import time:       133 |        133 |   _io\n"
        "readiness: import time: 7 | 7 | no\n"
        "import time:      1200 |       1333 | bbws_readiness.cli\n"
    )
    assert account_of(text) == [(133, "_io"), (1200, "bbws_readiness.cli")]
