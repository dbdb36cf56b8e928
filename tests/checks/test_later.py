"""Checks that are loaded when they are asked: each leads to a function, and those without a subject stay away."""

import subprocess
import sys
from pathlib import Path

from bbws_readiness.checks import CHECKS
from bbws_readiness.checks.later import Later
from bbws_readiness.checks.nouns import NOUNS

WITHOUT_SUBJECT = """
import sys
from datetime import date
from pathlib import Path
from bbws_readiness.checks import CHECKS
from bbws_readiness.config import Config
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import Outcome
from bbws_readiness.parsers.assemble import build_model
from bbws_readiness.project import discover
from bbws_readiness.rulebooks import shipped_rulebook

model = build_model(discover(Path(sys.argv[1]), Config()), "sit")
for rule in shipped_rulebook().rules:
    if rule.check in sys.argv[2:]:
        (seen,) = CHECKS[rule.check](Question(rule, model, Config(), date(2026, 3, 4))).observations
        assert seen.outcome is Outcome.NOT_APPLICABLE, rule.code
print(*sorted(name for name in sys.modules if name.startswith("bbws_readiness.checks.")))
"""


def test_every_check_leads_to_a_function() -> None:
    later = {name: check for name, check in CHECKS.items() if isinstance(check, Later)}
    assert len(later) > 80
    for name, check in later.items():
        assert check.loaded.__module__.startswith("bbws_readiness.checks."), name
        assert callable(check.loaded), name


def test_every_noun_has_its_word() -> None:
    assert [noun.word for noun in NOUNS.values()] == list(NOUNS)


def test_a_check_without_subject_is_not_loaded(tmp_path: Path) -> None:
    (tmp_path / "sit.tfvars").write_text("")
    (tmp_path / "main.tf").write_text('resource "aws_sqs_queue" "jobs" {\n  name = "jobs-sit"\n}\n')
    homes = {
        "self-escalation": "access.escalation",
        "wide-trust": "access.trust",
        "shared-claim": "portfolio.shared_claims",
        "unproduced-name": "portfolio.produced_names",
        "late-dependency": "portfolio.deployment_order",
        "public-buckets": "resources.buckets",
        "weak-functions": "resources.functions",
    }
    command = [sys.executable, "-I", "-c", WITHOUT_SUBJECT, str(tmp_path), *homes]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = {name.removeprefix("bbws_readiness.checks.") for name in ran.stdout.split()}
    assert not loaded & set(homes.values())
