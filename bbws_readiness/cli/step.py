"""What a step of GitHub Actions is told beside annotations: its summary, and outputs for the steps behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from bbws_readiness.cli.formats import JSON, SARIF, Wanted
from bbws_readiness.cli.output import complain, progress
from bbws_readiness.cli.publishing import Losses
from bbws_readiness.errors import NotWritten

if TYPE_CHECKING:
    from bbws_readiness.assess.assessment import Assessment

OUTPUTS = ("verdict", "score", "coverage", "blockers", "new-findings", "json-file", "sarif-file", "report-dir")
"""Every output that is set, in order; one that has nothing to tell is empty."""


def figures_of(assessment: Assessment) -> dict[str, str]:
    """The outputs that are figures of one assessment."""
    from bbws_readiness.engine.rule import Severity
    from bbws_readiness.render import wording

    return {
        "verdict": assessment.verdict.value,
        "score": wording.number(assessment.score.value),
        "coverage": f"{assessment.coverage.determined}/{assessment.coverage.total}",
        "blockers": str(len(assessment.issues_of(Severity.CRITICAL))),
        "new-findings": str(len(assessment.baseline.new_findings)) if assessment.baseline else "",
    }


def files_of(arrived: Collection[Wanted], reports: Path | None, twin: str) -> dict[str, str]:
    """The outputs that are paths, as the user gave them; of a file or set that was not written, the empty text.

    `reports` is the folder of the documents, and `twin` the name of the JSON in it, which stands in for a JSON of its
    own.
    """
    found = {form: file.as_posix() for form, file in reversed([(one.form, one.file) for one in arrived]) if file}
    beside = (reports / twin).as_posix() if reports else ""
    return {
        "json-file": found.get(JSON, beside),
        "sarif-file": found.get(SARIF, ""),
        "report-dir": reports.as_posix() if reports else "",
    }


def tell_step(summary: Callable[[], str], outputs: dict[str, str], losses: Losses) -> None:
    """Adds to the summary and sets the outputs, where the runner has named the files for them.

    A summary that cannot be written is told and changes nothing else; an output is a loss, because a step behind this
    one would go by it.
    """
    from bbws_readiness.github.outputs import write_outputs
    from bbws_readiness.github.summary import VARIABLE, append_summary

    try:
        if not append_summary(summary()):
            progress(f"{VARIABLE} is not set, so there is no step summary")
    except NotWritten as error:
        complain(error.line)
    with losses.one():
        write_outputs({name: outputs.get(name, "") for name in OUTPUTS})
