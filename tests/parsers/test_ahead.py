"""Documents that a second process reads say what they say when one process reads everything."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from bbws_readiness.parsers import ahead
from bbws_readiness.process.processors import available
from tests.cases import each
from tests.forked import fresh
from tests.hostile.catalogue import build, cases
from tests.invariants.projects import made, write

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
START = """
import os, signal, sys, time
from bbws_readiness.parsers import ahead
from bbws_readiness.process import limits
{change}
from bbws_readiness.__main__ import main
try:
    main()
finally:
    print("read here" if "markdown_it" in sys.modules else "read ahead", file=sys.stderr)
"""
ASSESS = ("assess", "sit", "project", "--as-of", "2026-01-07T16:55", "-v", "-f", "text", "-f", "json=it.json")
PLAN = "promotions/04_dynamodb_schemas_promotion.md"

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or available() == 1, reason="a second process needs Linux and a second processor"
)


def outcome(work: Path, *options: str, change: str = "") -> tuple[tuple[int, str, dict[str, bytes]], str]:
    """Exit code, output and files of a first run over the project in `work`; and the last line of all, who has read."""
    shutil.rmtree(work / "project/deployments", ignore_errors=True)
    shutil.rmtree(work / "cache", ignore_errors=True)
    environment = {"PATH": os.environ["PATH"], "HOME": str(work), "XDG_CACHE_HOME": str(work / "cache")}
    done = fresh(*ASSESS, *options, cwd=work, environment=environment, script=START.format(change=change))
    files = (path for path in work.rglob("*") if path.is_file() and not path.is_relative_to(work / "cache"))
    *said, who = done.stderr.splitlines()
    contents = {path.relative_to(work).as_posix(): path.read_bytes() for path in files}
    return (done.returncode, done.stdout + "\n".join(said), contents), who


def example(work: Path, name: str = "dynamodb_schemas") -> Path:
    shutil.copytree(EXAMPLES / name, work / "project", ignore=shutil.ignore_patterns("deployments"))
    return work / "project"


@each(
    ("name", "who"),
    [
        *[(name, "read ahead") for name in ("dynamodb_schemas", "s3_schemas", "order_lambda")],
        # It names projects beside it, whose plans are read when they are compared.
        ("many_faults", "read here"),
    ],
)
def test_an_example_says_the_same(name: str, who: str, tmp_path: Path) -> None:
    example(tmp_path, name)
    alone = outcome(tmp_path, "--no-cache")
    assert alone[1] == "read here"
    assert outcome(tmp_path) == (alone[0], who)


@each("seed", [2, 7])
def test_a_generated_project_says_the_same(seed: int, tmp_path: Path) -> None:
    drafted = made(seed)
    write(drafted.files, tmp_path / "project", git=drafted.draft.git)
    assert outcome(tmp_path)[0] == outcome(tmp_path, "--no-cache")[0]


MORE = {
    # More than a pipe takes at once, and more than the cache takes.
    "longer than a pipe": ("\n\nMore of it.\n" * 20_000, "read ahead"),
    "too long to be kept": (("\n\n" + "word " * 200) * 600, "read here"),
    # A value that stands nowhere as it is, and may be a secret: it is handed over, and kept nowhere.
    "joined to a secret": ('\n```bash\nexport TOKEN="AKIA"\\\n"IOSFODNN7EXAMPLE0"\n```\n', "read ahead"),
    "too deep": ("\n" + "> " * 50 + "deep\n", "read ahead"),
    "too many lines": ("\n" * 25_000, "read ahead"),
    "signs of any kind": ("\n\u200b\u202e 🚀 é\n", "read ahead"),
}


@each("kind", list(MORE))
def test_a_plan_of_any_kind_says_the_same(kind: str, tmp_path: Path) -> None:
    added, who = MORE[kind]
    plan = example(tmp_path) / PLAN
    plan.write_text(plan.read_text() + added)
    expected = outcome(tmp_path, "--no-cache")[0]
    assert outcome(tmp_path) == (expected, who)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file())
    assert kept
    assert b"IOSFODNN7EXAMPLE0" not in kept


@each("broken", [b"\xff\xfe\x00", b""])
def test_a_plan_that_cannot_be_read_says_the_same(broken: bytes, tmp_path: Path) -> None:
    (example(tmp_path) / PLAN).write_bytes(broken)
    assert outcome(tmp_path)[0] == outcome(tmp_path, "--no-cache")[0]


@each(
    "change",
    [
        "ahead._answer = lambda question: 1 / 0",
        "ahead._answer = lambda question: os.kill(os.getpid(), signal.SIGKILL)",
        "ahead._read = lambda *given: 1 / 0",
        "os.fork = lambda: (_ for _ in ()).throw(BlockingIOError())",
        "os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])",
    ],
)
def test_without_an_answer_this_process_reads(change: str, tmp_path: Path) -> None:
    example(tmp_path)
    assert outcome(tmp_path, change=change) == (outcome(tmp_path, "--no-cache")[0], "read here")


def test_what_is_read_first_does_not_decide_what_fits_into_the_limits(tmp_path: Path) -> None:
    """All files together are larger than a project may be, so that something is left out: the same, who ever reads."""
    project = example(tmp_path)
    for number in range(17):
        text = json.dumps({"tableName": f"t{number}", "primaryKey": {"partitionKey": "x" * 1_000_000}})
        (project / f"schemas/zz{number:02}.schema.json").write_text(text)
    readme = project / "README.md"
    readme.write_text(readme.read_text() + "\n\n" + "word " * 60_000)
    expected = outcome(tmp_path, "--no-cache")[0]
    assert any(b"together are larger" in content for content in expected[2].values())
    assert outcome(tmp_path)[0] == expected


def test_names_that_are_no_text_say_the_same(tmp_path: Path) -> None:
    project = example(tmp_path)
    shutil.copytree(project / "promotions", tmp_path / "p\udcff")
    named = ("--promotion-plan", "p\udcff/" + PLAN.rpartition("/")[2])
    assert outcome(tmp_path, *named)[0] == outcome(tmp_path, *named, "--no-cache")[0]


@each(
    "name",
    [
        *(
            "many brackets",
            "surrogates in a script",
            "dates that do not exist",
            "lists within lists",
            "ten thousand boxes",
        ),
        "a changelog of headings",
    ],
)
def test_hostile_documents_say_the_same(name: str, tmp_path: Path) -> None:
    case = next(case for case in cases() if case.name == f"scripts_and_plan: {name}")
    build(case, tmp_path)
    assert outcome(tmp_path) == (outcome(tmp_path, "--no-cache")[0], "read ahead")


def test_no_more_is_given_than_is_of_use(tmp_path: Path) -> None:
    """What the cache would not look at is not given, and nothing is no question: the second process ends then."""
    project = example(tmp_path)
    plan, seen = project / PLAN, tmp_path.with_name("seen")
    plan.write_text(plan.read_text() + "word " * 110_000)
    change = f"ahead._answer = lambda question: open({str(seen)!r}, 'w').write(str(len(question))) and 1 / 0"
    outcome(tmp_path, change=change)
    assert 1_000 < int(seen.read_text()) < 100_000
    seen.unlink()
    for path in ("README.md", "promotions", "scripts"):
        target = project / path
        shutil.rmtree(target) if target.is_dir() else target.unlink()
    outcome(tmp_path, change=change)
    assert not seen.exists()


def test_the_part_that_is_slow_to_load_is_there() -> None:
    """Where it is loaded already, nothing would be gained by a second process."""
    assert find_spec(ahead._SLOW_TO_LOAD) is not None


def test_a_later_run_needs_no_second_process(tmp_path: Path) -> None:
    project = example(tmp_path)
    first, _ = outcome(tmp_path)
    (tmp_path / "kept").mkdir()
    shutil.move(tmp_path / "cache", tmp_path / "kept/cache")
    readme = project / "README.md"
    readme.write_text(readme.read_text() + "\nOne more line.\n")
    environment = {"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(tmp_path / "kept/cache")}
    change = "os.fork = lambda: os._exit(99)"
    done = fresh(*ASSESS, cwd=tmp_path, environment=environment, script=START.format(change=change))
    assert done.returncode == first[0]
    assert done.stderr.splitlines()[-1] == "read here"


@each(
    ("change", "ended_by", "code", "said"),
    [
        ("", signal.SIGINT, 130, "interrupted"),
        ("", signal.SIGTERM, 143, "interrupted"),
        ("limits.limited.__wrapped__.__defaults__ = (1.0, limits.MEMORY_BYTES)", None, 4, "more than 60 seconds"),
    ],
)
def test_a_run_that_is_ended_ends_the_second_process(
    change: str, ended_by: signal.Signals | None, code: int, said: str, tmp_path: Path
) -> None:
    """It is at work when the signal comes, and would be for a minute; the first one waits for it."""
    example(tmp_path)
    number = tmp_path / "number"
    at_work = f"""
ahead._answer = lambda question: open({str(number)!r}, 'w').write(str(os.getpid())) and time.sleep(60)
take = ahead.Ahead.take
ahead.Ahead.take = lambda self: open({str(tmp_path / "waiting")!r}, 'w').close() or take(self)
"""
    environment = {"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(tmp_path / "cache")}
    run = subprocess.Popen(
        [sys.executable, "-P", "-c", START.format(change=f"{change}\n{at_work}"), *ASSESS],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 20
    while not ((tmp_path / "waiting").exists() and number.exists() and number.read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.2)
    if ended_by is not None:
        run.send_signal(ended_by)
    _, err = run.communicate(timeout=20)
    assert run.returncode == code
    assert said in err
    with pytest.raises(ProcessLookupError):
        os.kill(int(number.read_text()), 0)
