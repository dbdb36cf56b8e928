"""Runs a case and judges what came of it."""

# Paths are handled as the kernel sees them.
# ruff: noqa: PTH100
from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bbws_readiness.codes import Code
from tests.hostile.catalogue import BASE, CACHES, CANARY, EARLIER, KEPT, Case, Said, build, environment, snapshot
from tests.hostile.guard import REPOSITORY
from tests.hostile.runner import Outcome, Run

MOST_MEMORY = 512 * 1024 * 1024
EXITS = range(6)
LINE = re.compile(
    r"readiness: error (?P<mine>E\d{3}): \S.*|readiness: (?!error|warning)\S.*"
    r"|\S.*?: (?:error|warning) (?P<its>E\d{3}): \S.*"
)
"""A line of standard error: a complaint with its code, what is being done, or a diagnostic with place and code."""
CODES = {code.code for code in Code}
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
AT = re.compile(r"(?P<path>.*?)(?::(?P<line>\d+))?(?::(?P<column>\d+))?")
LEFT_OVER = re.compile(r"(sit_[a-z0-9_]+|README_SIT_[A-Z0-9_]+)\.(md|json|html|xml|sarif)")


@dataclass(frozen=True)
class Result:
    """What a run left behind."""

    outcome: Outcome
    stdout: str
    stderr: str
    before: dict[str, str]
    after: dict[str, str]
    documents: dict[str, bytes]
    """By their path beside the project folder."""
    kept: bytes
    """What the cache holds."""

    @property
    def report(self) -> dict[str, Any]:
        """The JSON of the assessment; empty when there is none."""
        found = [data for name, data in sorted(self.documents.items()) if name.endswith("_assessment.json")]
        if not found and self.stdout.startswith("{"):
            found = [self.stdout.encode()]
        return json.loads(found[0], parse_constant=refuse_constant) if found else {}

    @property
    def output(self) -> str:
        """Everything that was said or written."""
        documents = (data.decode("utf-8", "replace") for _, data in sorted(self.documents.items()))
        return "\n".join((self.stdout, self.stderr, *documents))


def refuse_constant(name: str) -> None:
    """NaN and Infinity are not JSON."""
    raise ValueError(f"{name} stands in our JSON")


class Runner:
    """The process that runs cases; one of them serves many."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.runner"],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def perform(self, run: Run) -> Outcome:
        """One run."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(vars(run)) + "\n")
        self._process.stdin.flush()
        return Outcome(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """Let the process end."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def run_of(case: Case, folder: Path, *, misdeed: str = "") -> Run:
    """The run of a case whose project was built in `folder`."""
    project = folder / "project"
    if case.stdin:
        (folder / "stdin").write_text(case.stdin)
    return Run(
        folder=str(project),
        root=str(project),
        arguments=list(case.arguments),
        environment=environment(case, folder),
        outputs=[*(os.path.abspath(project / path) for path in case.outputs), str(folder / KEPT)],
        inputs=[str((project / path).resolve()) for path in case.inputs],
        stdin=str(folder / "stdin") if case.stdin else "/dev/null",
        unprivileged=case.unprivileged,
        misdeed=misdeed,
    )


def perform(case: Case, folder: Path, runner: Runner) -> Result:
    """Build the project of a case in the new folder `folder` and run the command in it."""
    folder.mkdir()
    build(case, folder)
    before = snapshot(folder)
    outcome = start(case, folder) if case.as_module else runner.perform(run_of(case, folder))
    streams = ("stdout", "stderr", "stdin")
    after = {
        name: what
        for name, what in snapshot(folder).items()
        if name not in streams and not name.startswith(f"{CACHES}/")
    }
    written = [name for name in after if after[name] != before.get(name) and (folder / name).is_file()]
    for path, recipe in case.files.items():
        if isinstance(recipe, dict) and "mode" in recipe:
            (folder / "project" / path).chmod(0o700)
    return Result(
        outcome=outcome,
        stdout=(folder / "stdout").read_text("utf-8", "surrogateescape"),
        stderr=(folder / "stderr").read_text("utf-8", "surrogateescape"),
        before=before,
        after=after,
        documents={name: (folder / name).read_bytes() for name in written},
        kept=b"".join(path.read_bytes() for path in sorted((folder / KEPT).rglob("*")) if path.is_file()),
    )


def start(case: Case, folder: Path) -> Outcome:
    """One run by Python itself, whose import path then begins with the project."""
    began = time.monotonic()
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as errors:
        done = subprocess.run(
            [sys.executable, "-m", "bbws_readiness", *case.arguments],
            cwd=folder / "project",
            env={**environment(case, folder), "PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
            timeout=60,
            check=False,
        )
    return Outcome(done.returncode, None, timed_out=False, wall=time.monotonic() - began, cpu=0, peak=0)


def faults(case: Case, result: Result) -> Iterator[str]:
    """What is wrong with a run, in words; none when all is well."""
    yield from ending(case, result)
    yield from (f"violation: {violation}" for violation in result.outcome.violations)
    yield from spoken(case, result)
    yield from changed(case, result)
    yield from judged(case, result)


def ending(case: Case, result: Result) -> Iterator[str]:
    """Exit code, time and memory."""
    outcome = result.outcome
    if outcome.timed_out:
        yield "no end after a minute"
    elif outcome.signal is not None:
        yield f"ended by signal {outcome.signal}"
    elif outcome.exit not in case.exit:
        yield f"exit {outcome.exit}, expected {' or '.join(map(str, case.exit))}: {result.stderr[:500]}"
    if outcome.exit is not None and outcome.exit not in EXITS:
        yield f"exit {outcome.exit} is none of ours"
    if outcome.cpu > case.within:
        yield f"{outcome.cpu:.1f} s of CPU, at most {case.within}"
    if outcome.peak > MOST_MEMORY:
        yield f"{outcome.peak >> 20} MiB of memory"


def spoken(case: Case, result: Result) -> Iterator[str]:
    """What was said: inert, one line per fault, with the words that are needed and without those that are not."""
    everything = result.output
    for name, text in (("standard output", result.stdout), ("standard error", result.stderr)):
        if found := STEERING.search(text.replace("\t", " ")):
            yield f"{name} holds {found[0]!r}"
    for name, data in result.documents.items():
        if found := STEERING.search(data.decode("utf-8").replace("\t", " ")):
            yield f"{name} holds {found[0]!r}"
    for line in result.stderr.splitlines():
        match = LINE.fullmatch(line)
        if match is None:
            yield f"not one of our lines: {line[:200]}"
        elif (code := match["mine"] or match["its"]) and code not in CODES:
            yield f"{code} is in no table: {line[:200]}"
    if CANARY.encode() in result.kept:
        yield f"{CANARY} was kept in the cache"
    yield from (f"{word} was shown" for word in ("Traceback", CANARY, *case.never) if word in everything)
    yield from (
        f"standard error does not say {word!r}: {result.stderr[:500]}"
        for word in case.complains
        if word not in result.stderr
    )
    yield from (f"nothing shows {word!r}" for word in case.shows if word not in everything)


def changed(case: Case, result: Result) -> Iterator[str]:
    """Inputs are as before, and nothing is new but documents."""
    project = "project/"
    allowed = tuple(os.path.normpath(f"{project}{path}") for path in case.outputs)
    for name in sorted({*result.before, *result.after}):
        if result.before.get(name) == result.after.get(name):
            continue
        if name not in result.after:
            yield f"{name} is gone"
        elif not name.startswith(allowed):
            yield f"{name} was changed or made"
        elif name in result.documents and not LEFT_OVER.fullmatch(Path(name).name) and "--output" not in case.arguments:
            yield f"{name} was left over"
    earlier = result.documents.get(f"{project}deployments/{EARLIER}")
    if earlier is not None and (len(earlier) < 500 or not earlier.startswith(b"#") or not earlier.endswith(b"\n")):
        yield "the earlier summary was replaced by a part of one"
    if result.outcome.exit in (2, 3) and result.documents:
        yield f"exit {result.outcome.exit}, and yet written: {sorted(result.documents)}"


def judged(case: Case, result: Result) -> Iterator[str]:
    """The assessment: never READY unless allowed, everything else read, and the faults in their places."""
    report = result.report
    verdict = report.get("verdict")
    if not case.ready and (verdict == "READY" or result.outcome.exit == 0):
        yield "READY in spite of it"
    told_of = [one for one in report.get("diagnostics", []) if one["severity"] == "error"]
    if told_of and verdict == "READY":
        yield f"READY in spite of an error: {told(told_of)}"
    if case.verdict and verdict != case.verdict:
        yield f"verdict {verdict}, expected {case.verdict}"
    said = report.get("diagnostics", [])
    yield from (f"no place, or a code that is in no table: {told([one])}" for one in said if not is_complete(one))
    for wanted in case.says:
        if not any(matches(wanted, one) for one in said) and not on_stderr(wanted, result.stderr):
            yield f"not said: {wanted.at}: {wanted.words!r} {wanted.code}; said: {told(said)} {result.stderr[:300]}"
    if report:
        read = {one["path"] for one in report.get("inputs", [])}
        yield from (f"{path} was not read" for path in sorted(expected_inputs(case) - read))


def expected_inputs(case: Case) -> set[str]:
    """The files of the base project that a case leaves alone, and that an assessment reads."""
    base = {path.relative_to(BASE).as_posix() for path in BASE.rglob("*") if path.is_file()}
    kinds = (".tf", "sit.tfvars", ".yml", ".py", ".json", "promotion.md")
    touched = (*case.files, *case.remove, *case.unread)
    return {path for path in base if path.endswith(kinds) and not path.startswith(touched)}


def is_complete(found: dict[str, Any]) -> bool:
    """Whether a diagnostic is one line with a place and a code of the table."""
    return bool(found["at"]) and found.get("code") in CODES and len(found["summary"].splitlines()) == 1


def matches(wanted: Said, found: dict[str, Any]) -> bool:
    """Whether a diagnostic is the one that is wanted; a part of its place that it does not give is not held to it."""
    if wanted.words not in f"{found['summary']}; {found.get('detail') or ''}" or wanted.severity != found["severity"]:
        return False
    if wanted.code and found.get("code") != wanted.code:
        return False
    mine, its = AT.fullmatch(wanted.at), AT.fullmatch(str(found["at"]))
    if not mine or not its or mine["path"] != its["path"]:
        return False
    line = found.get("line", its["line"])
    column = found.get("column", its["column"])
    if mine["line"] and str(line or 0) != mine["line"]:
        return False
    return not (mine["column"] and column) or str(column) == mine["column"]


def on_stderr(wanted: Said, text: str) -> bool:
    """Whether a line of standard error is the diagnostic."""
    path, line = wanted.at.split(":")[0], [*wanted.at.split(":"), ""][1]
    place = f"{path}:{line}" if line else path
    return any(place in one and wanted.words in one and wanted.code in one for one in text.splitlines())


def told(said: Sequence[dict[str, Any]]) -> str:
    """Diagnostics for a person, briefly."""
    return "; ".join(f"{one['at']}: {one.get('code', '')} {one['summary']}"[:160] for one in said[:6]) or "nothing"
