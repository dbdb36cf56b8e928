"""Which needed jobs keep a job from running is worked out from its condition, however that is written."""

import pytest

from bbws_readiness.parsers.workflows import parse_workflow
from bbws_readiness.source import Source


def waiting(condition: str) -> tuple[set[str], set[str]]:
    text = (
        "on: workflow_dispatch\njobs:\n  gate: {steps: [{run: echo}]}\n  plan: {steps: [{run: echo}]}\n"
        f'  apply:\n    needs: [gate, plan]\n    if: "{condition}"\n    steps: [{{run: echo}}]\n'
    )
    workflow, _ = parse_workflow(Source(path="w.yml", text=text, size=len(text), sha256=""), environments=("sit",))
    job = workflow.job("apply") if workflow else None
    assert job is not None
    return set(job.bound_to), set(job.stopped_by)


BOTH = {"gate", "plan"}


@pytest.mark.parametrize(
    ("condition", "bound", "stopped"),
    [
        ("github.ref == 'refs/heads/main'", BOTH, BOTH),
        ("success()", BOTH, BOTH),
        ("github.actor == 'success() or always()'", BOTH, BOTH),
        ("always()", set(), set()),
        ("!cancelled()", set(), set()),
        ("!failure()", set(), BOTH),
        ("!failure() && !cancelled()", set(), BOTH),
        ("always() && needs.gate.result == 'success'", {"gate"}, {"gate"}),
        ("always() && needs.Gate.result == 'SUCCESS'", {"gate"}, {"gate"}),
        ("always() && !(needs.gate.result != 'success')", {"gate"}, {"gate"}),
        ("always() && (success() && inputs.go)", BOTH, BOTH),
        ("always() && (needs.gate.result == 'success' || needs.gate.result == 'skipped')", set(), {"gate"}),
        ("always() && contains(fromJSON('[\\\"success\\\", \\\"skipped\\\"]'), needs['gate'].result)", set(), {"gate"}),
        ("always() && needs.gate.result != 'failure' && needs.gate.result != 'cancelled'", set(), {"gate"}),
        ("always() && !contains(needs.*.result, 'failure')", set(), BOTH),
        ("always() && !contains(join(needs.*.result, ','), 'failure')", set(), BOTH),
        ("always() && contains(needs.*.result, 'success')", set(), set()),
        ("needs.gate.result == 'success' || always()", set(), set()),
        ("always() && needs.gate.result == 'success' || inputs.force", set(), set()),
        ("${{ always() }} && needs.gate.result == 'success'", set(), set()),
        ("success() || failure()", set(), set()),
    ],
)
def test_jobs_that_keep_it_undone(condition: str, bound: set[str], stopped: set[str]) -> None:
    assert waiting(condition) == (bound, stopped)
