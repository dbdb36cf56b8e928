"""Whole projects from seeds: written to a folder, assessed, and everything that a run of them prints."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.assess.gate import Threshold, exit_code
from bbws_readiness.config.policy import DECISION_LOG
from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.documents import render_documents
from bbws_readiness.render.machine import assessment_document
from bbws_readiness.render.terminal import terminal_text
from tests.decisions.logs import entry
from tests.example import commit_all
from tests.invariants import code, documents
from tests.invariants.drafts import ROLES, Draft, drawn

FOLDER = "3_1_acme_shipments_schemas"
PLAN = "promotions/11_shipments_schemas_promotion.md"
MARKDOWN = "-f markdown"
TERMINAL = "terminal"
FAULTS: Mapping[str, str] = {
    ".tf": '\nresource "aws_dynamodb_table" {\n',
    ".tfvars": "\nenvironment = [\n",
    ".yml": "\njobs: [\n",
    ".md": "\n| **Tables** | 99\n```\n",
    ".py": "\ndef (:\n",
    ".json": "{",
}
"""What is put at the end of a file to break it, by what its name ends in."""

COMMENTS: Mapping[str, str] = {".tf": "# ", ".tfvars": "# ", ".yml": "# ", ".py": "# "}


@dataclass(frozen=True, eq=False)
class Run:
    """One assessment of a made-up project, with every text that it prints."""

    draft: Draft
    root: Path
    """The folder; it is gone by now."""
    files: Mapping[str, str]
    assessment: Assessment
    texts: Mapping[str, str]
    """By the names of the documents, the index last, then the JSON, the terminal, and now and then `-f markdown`."""
    exit_code: int

    @property
    def documents(self) -> Mapping[str, str]:
        """The Markdown documents alone, by name."""
        return {name: text for name, text in self.texts.items() if name.endswith(".md")}

    def document(self, ending: str) -> str:
        """The text of the one document whose name ends so."""
        return next(text for name, text in self.texts.items() if name.endswith(ending))

    def with_text(self, name: str, text: str) -> Run:
        """The same run with another text in one place."""
        return replace(self, texts={**self.texts, name: text})


def files_of(draft: Draft) -> dict[str, str]:
    """The files of the project, by path."""
    return dict(_files(draft))


def _files(draft: Draft) -> Iterator[tuple[str, str]]:
    written = dict(code.terraform(draft))
    if draft.ignores:
        written[".gitignore"] = "*.tfplan\n*.tfstate\n.terraform/\n"
    if draft.schemas is not None:
        retention = 7
        written |= dict(code.schemas(draft.schemas, retention))
    if draft.readme is not None:
        written["README.md"] = documents.readme(draft.readme)
    if draft.script is not None:
        written["scripts/validate_tables.py"] = code.script(draft, draft.script)
    if draft.plan is not None:
        written[PLAN] = documents.plan(draft, draft.plan)
    for name in draft.workflows:
        written[f".github/workflows/deploy-{name}.yml"] = code.workflow(draft, name)
    if said := documents.configuration(draft):
        written["readiness.yaml"] = said
    for path, text in written.items():
        if path == draft.secret_in:
            text += f"{COMMENTS.get(Path(path).suffix, '')}{draft.secret}\n"
        fault = FAULTS.get(Path(path).suffix, "") if path in draft.broken else ""
        yield path, text + fault


@lru_cache(maxsize=16)
def made(seed: int) -> Run:
    """The run of one seed; made once for the tests that follow each other."""
    draft = drawn(seed)
    with tempfile.TemporaryDirectory(prefix="invariants") as above:
        root = Path(above) / FOLDER
        files, assessment = _assessed(draft, root)
        return Run(draft, root, files, assessment, printed(assessment, seed), exit_code(assessment, Threshold.DECISION))


def assessed(seed: int) -> Assessment:
    """The assessment of one seed alone, of which nothing is printed."""
    with tempfile.TemporaryDirectory(prefix="invariants") as above:
        return _assessed(drawn(seed), Path(above) / FOLDER)[1]


def _assessed(draft: Draft, root: Path) -> tuple[Mapping[str, str], Assessment]:
    """The files of the project, now written to `root`, and what comes of them."""
    files = files_of(draft)
    write(files, root)
    if draft.decides:
        files[DECISION_LOG] = decisions(draft, assess_project(root, draft.environment, as_of=draft.as_of))
        write(files, root)
    if draft.git:
        commit_all(root)
    return files, assess_project(root, draft.environment, as_of=draft.as_of)


def decisions(draft: Draft, assessment: Assessment) -> str:
    """A decision log on some of what is open: in force, expired, about another environment, or about something else."""
    chance = random.Random(f"{draft.seed} decisions")
    about = [finding for finding in assessment.findings if finding.open]
    today = draft.as_of.date()
    lines = []
    for number in range(1, min(len(about), chance.choice((1, 2, 4))) + 1):
        kind = chance.choice(("by-design", "not-required", "accepted-risk"))
        until = today + timedelta(days=chance.choice((-3, -1, 0, 4, 40)))
        made_up = entry(
            f"D{number}",
            chance.sample(about, min(len(about), chance.choice((1, 1, 3)))),
            kind=kind,
            environments=[draft.environment if chance.random() < 0.9 else "test"],
            by=chance.sample(ROLES, chance.choice((1, 2))),
            on=str(today - timedelta(days=chance.randrange(4, 30))),
            until=str(until) if kind == "accepted-risk" or chance.random() < 0.2 else None,
        )
        if chance.random() < 0.2:
            made_up["findings"][0]["statement"] = "0" * 12
        lines.append(f"  - {json.dumps(made_up)}\n")
    return "decisions:\n" + "".join(lines) if lines else "decisions: []\n"


def assessed_again(run: Run) -> dict[str, str]:
    """What the same project prints when it is written in another order, to another folder, and assessed anew."""
    backwards = dict(reversed(run.files.items()))
    with tempfile.TemporaryDirectory(prefix="again") as above:
        root = write(backwards, Path(above) / "deeper" / FOLDER, git=run.draft.git)
        assessment = assess_project(root, run.draft.environment, as_of=run.draft.as_of)
        return printed(assessment, run.draft.seed)


def write(files: Mapping[str, str], root: Path, *, git: bool = False) -> Path:
    """The files in a folder of their own, which may become a git checkout."""
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    if git:
        commit_all(root)
    return root


def printed(assessment: Assessment, seed: int) -> dict[str, str]:
    """Every text of a run; `-f markdown` only of every fourth seed, because it renders all documents once more."""
    texts = {document.path: document.text for document in render_documents(assessment)}
    twin = assessment_document(assessment)
    texts[twin.path] = twin.text
    texts[TERMINAL] = terminal_text(assessment, lambda text, role: text, verbose=seed % 2 == 1)
    if seed % 4 == 0:
        wanted = f"{assessment.environment}_{assessment.slug}_summary.md"
        outside = render_documents(assessment, directory="..")
        texts[MARKDOWN] = next(one.text for one in outside if one.path == wanted)
    return texts
