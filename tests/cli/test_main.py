"""The outermost edge: faults of ours, limits, signals and closed streams end in one line and the right exit code."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.example import copy_example
from tests.forked import forked, fresh

AS_OF = ("--as-of", "2026-01-07")

RUNNER = """
import sys
import bbws_readiness.cli.main as edge
import bbws_readiness.pipeline as pipeline

{prepare}

sys.argv = ["readiness", *sys.argv[1:]]
edge.main()
"""

SECRET = "hunter2-hunter2"
RAISES = """
def assess_project(*arguments, **options):
    secret = "{secret}"
    {body}
pipeline.assess_project = assess_project
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_example(tmp_path_factory.mktemp("example"))


def run(project: Path, prepare: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    script = RUNNER.format(prepare=prepare)
    return forked(
        *(*options, "assess", "sit", project, *AS_OF), script=script, environment={**os.environ, **environment}
    )


def raising(body: str) -> str:
    return RAISES.format(body=body, secret=SECRET)


FAULTS = [
    (
        raising("raise ValueError(secret)"),
        70,
        r"E799: internal error \(ValueError at <string>:\d+\); rerun with --debug",
    ),
    (raising("assess_project()"), 70, r"E799: internal error \(RecursionError at <string>:\d+\); rerun with --debug"),
    (raising("open('/nonexistent')"), 70, r"E799: internal error \(FileNotFoundError at <string>:\d+\); rerun"),
    (raising("b'x' * 2**29"), 4, r"E709: more than 512 MiB of memory; assess a smaller folder"),
    (raising("[0] * 2**27"), 4, r"E709: more than 512 MiB of memory; assess a smaller folder"),
    (
        "import signal; limits = edge.limited; edge.limited = lambda: limits(0.05)\n" + raising("while True: pass"),
        4,
        r"E708: more than 60 seconds; assess a smaller folder",
    ),
    (raising("import os, time; os.kill(os.getpid(), 15); time.sleep(9)"), 143, r"E707: interrupted; run it again"),
    (raising("import os, time; os.kill(os.getpid(), 2); time.sleep(9)"), 130, r"E707: interrupted; run it again"),
    # What Python 3.11 wraps while a class is made.
    (
        raising(
            "import os; ending = type('Ending', (), {'__set_name__': lambda *_: os.kill(os.getpid(), 2)})\n"
            "    type('Made', (), {'attribute': ending()})"
        ),
        130,
        r"E707: interrupted; run it again",
    ),
    (raising("raise SystemExit"), 70, None),
]


@pytest.mark.parametrize(("prepare", "code", "words"), FAULTS, ids=[f"{row[1]}-{row[2]}"[:40] for row in FAULTS])
def test_a_fault_is_one_line_and_never_ready(project: Path, prepare: str, code: int, words: str | None) -> None:
    result = run(project, prepare)
    assert result.returncode == code, result.stderr
    assert result.stdout == ""
    assert not (project / "deployments").exists()
    assert SECRET not in result.stderr
    if words:
        assert re.fullmatch(rf"readiness: error {words}.*\n", result.stderr), result.stderr
    else:
        assert result.stderr == ""


def test_an_interruption_after_the_end_changes_nothing(project: Path) -> None:
    late = "import os; edge.gc.freeze = lambda: os.kill(os.getpid(), 2)"
    script = RUNNER.format(prepare=late).replace(
        "edge.main()", "try:\n    edge.main()\nfinally:\n    os.kill(os.getpid(), 2)"
    )
    result = fresh("schema", "assessment", script=script, environment=dict(os.environ))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.endswith("}\n")


def test_debug_shows_the_way_without_credentials(project: Path) -> None:
    result = run(project, raising("raise ValueError(secret)"), "--debug", SOME_TOKEN=SECRET)
    assert result.returncode == 70
    assert "Traceback" in result.stderr
    assert "ValueError: (withheld)" in result.stderr
    assert SECRET not in result.stderr
    assert result.stderr.splitlines()[-1].startswith("readiness: error E799: internal error")


def test_a_broken_document_is_an_internal_error_and_writes_nothing(project: Path) -> None:
    prepare = """
import bbws_readiness.render.documents as documents
documents._text = lambda frame: 1 / 0
"""
    result = run(project, prepare)
    assert (result.returncode, result.stdout) == (70, "")
    assert "E799: internal error (ZeroDivisionError at " in result.stderr
    assert not (project / "deployments").exists()


LOST = """
import bbws_readiness.render.write as write
import errno, os
def full(handle, data):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
class Os:
    def __getattr__(self, name):
        return full if name == "write" else getattr(os, name)
write.os = Os()
"""


@pytest.mark.parametrize(("options", "code"), [((), 1), (("--fail-on", "never"), 5)])
def test_documents_that_cannot_be_written_leave_text_and_verdict(
    tmp_path: Path, options: tuple[str, ...], code: int
) -> None:
    copy = copy_example(tmp_path)
    script = RUNNER.format(prepare=LOST)
    result = forked("assess", "sit", copy, *AS_OF, *options, script=script, environment=dict(os.environ))
    assert result.returncode == code
    assert result.stderr == (
        "readiness: error E601: deployments: no space left on device; free space, or use --output-dir\n"
    )
    assert result.stdout.startswith("❌ BLOCKED")
    assert "exec_brief" not in result.stdout
    assert not [path for path in (copy / "deployments").iterdir() if path.is_file()]


@pytest.mark.parametrize("option", ["--output-dir", "--output"])
def test_an_empty_path_is_wrong_usage(project: Path, option: str) -> None:
    result = start(project, option, "")
    assert result.returncode == 2
    assert result.stderr.startswith("readiness: error E701: Invalid value for '")
    assert result.stderr.count("\n") == 1


def start(project: Path, *options: str, redirection: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    line = ("assess", "sit", project, *AS_OF, *options)
    # What an interpreter makes of streams that are closed before it begins only a new one shows.
    started = fresh if redirection else forked
    return started(*line, redirection=redirection, environment={**os.environ, **environment})


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("folder", "not a regular file"),
        ("link.md", "not a regular file"),
        ("missing/x.md", "does not exist"),
        ("file/x.md", "is not a directory"),
        ("/dev/null", "not a regular file"),
    ],
)
def test_an_output_file_that_cannot_be_is_refused_before_anything_is_assessed(
    project: Path, tmp_path: Path, target: str, words: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link.md").symlink_to("file")
    result = start(project, "-q", "--output", str(tmp_path / target))
    assert (result.returncode, result.stdout) == (2, "")
    assert re.match(r"readiness: error E60[23]: ", result.stderr)
    assert words in result.stderr
    assert (tmp_path / "file").read_text() == "mine"


def test_the_default_folder_is_not_followed_out_of_the_project(tmp_path: Path) -> None:
    copy, victim = copy_example(tmp_path), tmp_path / "victim"
    victim.mkdir()
    (copy / "deployments").symlink_to(victim)
    result = start(copy)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("readiness: error E602: deployments: the output directory is a link")
    assert not list(victim.iterdir())


@pytest.mark.parametrize("redirection", ["<&-", "<&- 2>&-"])
def test_closed_streams_do_not_reach_the_documents(tmp_path: Path, redirection: str) -> None:
    copy = copy_example(tmp_path)
    result = start(copy, "-q", redirection=redirection)
    assert result.returncode == 1
    assert result.stderr == ""
    texts = [path.read_text() for path in (copy / "deployments").iterdir()]
    assert len(texts) == 6
    assert not any(text.startswith(("❌", "readiness:")) for text in texts)


def test_interrupted_from_outside(project: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", RUNNER.format(prepare=raising("print('begun', flush=True)\n    while True: pass")),
         "assess", "sit", str(project)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "begun\n"
    for _ in range(3):
        process.send_signal(signal.SIGTERM)
        time.sleep(0.001)
    assert "Traceback" not in process.communicate()[1]
    assert process.returncode == 143
