"""Every invariant holds for every made-up project, and a figure that is changed anywhere is seen."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.data import data
from tests.forked import forked
from tests.invariants.extract import document_figures, figures_of
from tests.invariants.figures import Figure, disagreements
from tests.invariants.invariants import INVARIANTS
from tests.invariants.mutations import Mutation, mutations
from tests.invariants.phrases import Readers
from tests.invariants.projects import MARKDOWN, Run, assessed, made, write

PROJECTS = 300
TOGETHER = 10
"""Projects of one test; all invariants look at one project before the next is made."""
CHUNKS = [range(first, first + TOGETHER) for first in range(0, PROJECTS, TOGETHER)]


@pytest.mark.parametrize("seeds", CHUNKS, ids=lambda seeds: f"{seeds[0]}-{seeds[-1]}")
def test_invariant(seeds: range) -> None:
    broken = [
        f"{name}: project {seed}: {fault}"
        for seed in seeds
        for name, invariant in INVARIANTS.items()
        for fault in invariant(made(seed))
    ]
    assert not broken, "\n".join(broken[:20])


VERDICTS = {"READY", "CONDITIONAL", "BLOCKED", "UNDETERMINED"}
KINDS = VERDICTS | {
    "decisions",
    "plan kept",
    "plan not kept",
    "unread",
    "prices",
    "no tables",
    "no approvers",
    "own calendar",
}


def test_the_projects_are_of_every_kind() -> None:
    """A generator that makes the same project again and again proves nothing."""
    found: Counter[str] = Counter()
    lacking = KINDS
    for seed in range(60):
        assessment = assessed(seed)
        found[assessment.verdict] += 1
        found["decisions"] += bool(assessment.decisions)
        found["plan kept"] += assessment.schedule.planned.kept is True
        found["plan not kept"] += assessment.schedule.planned.kept is False
        found["unread"] += bool(assessment.unread)
        found["prices"] += bool(assessment.cost.lines)
        found["no tables"] += not assessment.model.has_tables
        found["no approvers"] += not assessment.approvers
        found["own calendar"] += assessment.config.calendar.configured
        lacking = {kind for kind in lacking if found[kind] < 2}
        if not lacking:
            return
    pytest.fail(f"hardly any: {', '.join(sorted(lacking))}")


MUTATED = range(1, 60, 4)
PER_DOCUMENT = 4
SEEN_AT_LEAST = 0.95
UNSEEN = data(Path(__file__).parent / "unseen.yaml")


def test_a_changed_figure_is_seen() -> None:
    seen: Counter[bool] = Counter()
    unexplained = []
    for seed in MUTATED:
        run = made(seed)
        told = tuple(figures_of(run))
        chance = random.Random(seed)
        for name, text in run.documents.items():
            for _, mutation in zip(range(PER_DOCUMENT), mutations(chance, text), strict=False):
                caught = _seen(run, told, name, mutation)
                seen[caught] += 1
                if not caught and not _explained(mutation, text):
                    unexplained.append(f"{seed} {name}:{mutation.line} {mutation.kind} {mutation.was}")
    assert sum(seen.values()) >= 200
    assert not unexplained, "\n".join(unexplained)
    assert seen[True] / sum(seen.values()) >= SEEN_AT_LEAST, seen


def _seen(run: Run, told: tuple[Figure, ...], name: str, mutation: Mutation) -> bool:
    """Whether the document, so changed, disagrees with anything that the run states elsewhere."""
    known = {one.name: one.value for one in reversed(told) if one.document.endswith(".json")}
    readers = Readers(known, run.assessment.config.calendar.minutes_per_day)
    others = [one for one in told if one.document != name]
    return any(disagreements([*others, *document_figures(name, mutation.text, readers)]))


def _explained(mutation: Mutation, text: str) -> bool:
    line = text.split("\n")[mutation.line - 1]
    return any(re.fullmatch(one["section"], mutation.section) and re.search(one["line"], line) for one in UNSEEN)


@pytest.mark.parametrize("seed", [4, 8])
def test_the_command_prints_the_same(seed: int, tmp_path: Path) -> None:
    """What the invariants look at is what `readiness assess` writes and prints, and its exit code."""
    run = made(seed)
    root = write(run.files, tmp_path / run.root.name, git=run.draft.git)
    command = ["assess", run.draft.environment, root, "--as-of", run.draft.as_of.isoformat(timespec="minutes")]
    outside = tmp_path / "elsewhere"
    outside.mkdir()

    def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
        return forked(*command, *arguments, cwd=outside, environment={**os.environ, "NO_COLOR": "1"})

    result = ran()
    assert result.returncode == run.exit_code, result.stderr
    written = {path.name: path.read_text(encoding="utf-8") for path in (root / "deployments").iterdir()}
    assert {name: text for name, text in written.items() if name.endswith(".md")} == dict(run.documents)
    twin = next(name for name in run.texts if name.endswith(".json"))
    assert json.loads(run.texts[twin]).items() <= json.loads(written[twin]).items()
    assert ran("-f", "json").stdout == run.texts[twin]
    assert ran("-f", "markdown").stdout == run.texts[MARKDOWN]
