"""A process that ends at once has said everything, with the same exit code, and does so only where nothing is lost."""

import subprocess
import sys
from pathlib import Path

from bbws_readiness.process.ending import leave
from tests.cases import each

LEAVING = """
import atexit, sys
from bbws_readiness.process.ending import leave
atexit.register(lambda: sys.stderr.write("the usual way"))
{before}
print("x" * 100_000)
leave({code})
raise SystemExit({code})
"""
THREAD = "import threading, time; threading.Thread(target=lambda: (time.sleep(0.2), print('late'))).start()"
"""A thread that still has something to say."""


def left(code: str, before: str = "", *, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    script = LEAVING.format(before=before, code=code)
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parent.parent.parent,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


@each(("code", "number"), [("0", 0), ("None", 0), ("5", 5), ("70", 70), ("256 + 3", 3)])
def test_all_is_said_and_nothing_else_is_done(code: str, number: int) -> None:
    ran = left(code)
    assert (ran.returncode, len(ran.stdout), ran.stderr) == (number, 100_001, "")


@each(
    ("before", "code", "said"),
    [
        (THREAD, "4", "late"),
        ("sys.setprofile(lambda *_: None)", "4", "x"),
        ("sys.settrace(lambda *_: None)", "4", "x"),
    ],
)
def test_what_others_still_do_is_waited_for(before: str, code: str, said: str) -> None:
    ran = left(code, before)
    assert ran.returncode == 4
    assert said in ran.stdout and ran.stderr.endswith("the usual way")


def test_an_output_that_takes_nothing_is_told() -> None:
    with Path("/dev/full").open("w") as full:
        ran = left("0", stdout=full.fileno())
    assert ran.returncode != 0
    assert "No space left" in ran.stderr


def test_a_text_is_left_to_the_interpreter() -> None:
    leave("a message")
