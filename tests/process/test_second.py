"""A second process: it answers or is as if it had never been, and leaves nothing behind."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bbws_readiness.process.processors import available
from tests.cases import each

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")

BEGIN = """
import os, signal, sys, time
from bbws_readiness.process.second import Second, second
def left():
    try:
        return os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
"""


def run(body: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    """The lines in an interpreter of their own, which has no thread but its first."""
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-c", BEGIN + body], capture_output=True, timeout=30, check=False, **options
    )


def printed(body: str) -> str:
    done = run(body)
    assert done.stderr == b""
    return done.stdout.decode().strip()


@each(
    ("prepare", "question", "expected"),
    [
        ("lambda: lambda asked: asked[::-1]", "b'abc'", "b'cba'"),
        ("lambda: lambda asked: b''", "b'abc'", "b''"),
        # More than any pipe takes at once, both ways.
        ("lambda: lambda asked: asked * 2", "b'a' * 5_000_000", "b'a' * 10_000_000"),
        # It goes wrong before it is asked, when it is asked, and in the middle.
        ("lambda: 1 / 0", "b'abc'", "None"),
        ("lambda: lambda asked: 1 / 0", "b'abc'", "None"),
        ("lambda: lambda asked: 'no bytes'", "b'abc'", "None"),
        ("lambda: lambda asked: sys.exit(0)", "b'abc'", "None"),
        ("lambda: lambda asked: os.kill(os.getpid(), signal.SIGKILL)", "b'abc'", "None"),
        ("lambda: lambda asked: os.write(4, b'half') and os.kill(os.getpid(), signal.SIGKILL)", "b'abc'", "None"),
        # What it prints, and what is printed for it, is not shown.
        ("lambda: print('loud', flush=True) or (lambda asked: asked)", "b'abc'", "b'abc'"),
        ("lambda: lambda asked: os.write(1, b'loud') and os.write(2, b'loud') and asked", "b'abc'", "b'abc'"),
    ],
)
def test_an_answer_or_none(prepare: str, question: str, expected: str) -> None:
    body = f"""
with Second({prepare}) as other:
    other.ask({question})
    print(other.answer() == {expected}, left())
"""
    assert printed(body) == "True None"


def test_a_large_question_is_given_before_anybody_reads_it() -> None:
    """A quarter of what a pipe may be enlarged to, which is four times what one takes by itself."""
    body = """
def prepare():
    time.sleep(3)
    return lambda asked: asked[:1]
with Second(prepare) as other:
    begun = time.monotonic()
    other.ask(b'a' * 256 * 1024)
    print(time.monotonic() - begun < 2, other.answer())
"""
    assert printed(body) == "True b'a'"


@each(
    "inside",
    ["pass", "other.ask(b'abc')", "raise SystemExit(0)", "other.ask(b'abc'); raise SystemExit(0)"],
)
def test_nothing_is_left_of_one_that_nobody_waits_for(inside: str) -> None:
    body = f"""
try:
    with Second(lambda: lambda asked: time.sleep(60)) as other:
        {inside}
except SystemExit:
    pass
print(left(), sorted(os.listdir("/proc/self/fd")))
"""
    assert printed(body) == "None ['0', '1', '2', '3']"


@each("asked", ["", "other.ask(b'abc')"])
def test_it_holds_no_stream_and_ends_with_the_process_that_started_it(asked: str, tmp_path: Path) -> None:
    """Without a question at once; at work, at the latest when a run would have to end, which is a minute."""
    body = f"""
from bbws_readiness.process import second as module
module.SECONDS = 2
number = None
def prepare():
    open({str(tmp_path / "number")!r}, "w").write(str(os.getpid()))
    return lambda asked: time.sleep(60)
other = Second(prepare)
{asked}
time.sleep(1)
os.kill(os.getpid(), signal.SIGKILL)
"""
    begun = time.monotonic()
    assert run(body).returncode == -signal.SIGKILL
    assert time.monotonic() - begun < 20, "its streams are closed"
    number = int((tmp_path / "number").read_text())
    until = time.monotonic() + 10
    while is_there(number) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_there(number)


def test_it_answers_where_the_system_tells_nobody_how_a_process_ended() -> None:
    body = """
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
with Second(lambda: lambda asked: asked) as other:
    other.ask(b'abc')
    print(other.answer(), left())
with Second(lambda: lambda asked: asked) as other:
    pass
print(left())
"""
    assert printed(body).splitlines() == ["b'abc' None", "None"]


@each("number", ["SIGINT", "SIGTERM", "SIGHUP", "SIGALRM"])
def test_a_signal_at_the_fork_is_told_by_nobody_but_the_first(number: str) -> None:
    """What the handlers of this process do is not done in the second, from its first moment on."""
    body = f"""
from bbws_readiness.process.signals import Interrupted, handled
def handler(*_):
    os.write(2, b'handled')
    raise KeyboardInterrupt
with handled():
    signal.signal(signal.{number}, handler)
    os.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), signal.{number}))
    with Second(lambda: lambda asked: asked) as other:
        other.ask(b'abc')
        print(other.answer(), left())
"""
    assert printed(body) == "None None"


def test_a_signal_that_is_ignored_is_ignored_there_too() -> None:
    body = """
signal.signal(signal.SIGHUP, signal.SIG_IGN)
with Second(lambda: lambda asked: os.kill(os.getpid(), signal.SIGHUP) or asked) as other:
    other.ask(b'abc')
    print(other.answer())
"""
    assert printed(body) == "b'abc'"


def test_a_second_signal_leaves_nothing() -> None:
    """The run is being ended already, by a signal, when the next one comes."""
    body = """
from bbws_readiness.process.signals import Interrupted, handled
kill = os.kill
def killed(number, how):
    kill(number, how)
    kill(os.getpid(), signal.SIGINT)
with handled():
    try:
        with Second(lambda: lambda asked: time.sleep(60)) as other:
            other.ask(b'abc')
            os.kill = killed
            kill(os.getpid(), signal.SIGTERM)
    except Interrupted as ended:
        print(ended.exit_code, left())
"""
    assert printed(body) == "130 None"


def is_there(number: int) -> bool:
    """Whether a process of that number runs; one that nobody has asked how it ended does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@each(
    ("where", "starts"),
    [
        ("", available() > 1),
        ("os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])", False),
        ("import threading; threading.Thread(target=time.sleep, args=(1,)).start()", False),
        ("import threading", available() > 1),
        ("sys.setprofile(lambda *_: None)", False),
        ("sys.settrace(lambda *_: None)", False),
        ("os.fork = lambda: (_ for _ in ()).throw(BlockingIOError())", False),
        ("sys.platform = 'darwin'", False),
    ],
)
def test_one_starts_where_it_is_of_use(where: str, starts: bool) -> None:
    body = f"""
{where}
other = second(lambda: lambda asked: asked)
print(other is not None)
"""
    assert printed(body) == str(starts)


def test_what_does_not_start_holds_no_pipe() -> None:
    body = """
before = sorted(os.listdir("/proc/self/fd"))
os.fork = lambda: (_ for _ in ()).throw(BlockingIOError())
print(second(lambda: lambda asked: asked), sorted(os.listdir("/proc/self/fd")) == before)
"""
    assert printed(body) == "None True"
