"""The repository that a trust must take is the one of the remote, whatever its form."""

from datetime import date
from pathlib import Path

import pytest

from bbws_readiness.checks import CHECKS
from bbws_readiness.config import Config
from bbws_readiness.engine.check import Question
from bbws_readiness.parsers.assemble import build_model
from bbws_readiness.project import discover
from bbws_readiness.rulebooks import shipped_rulebook
from tests.checkouts import commit, git, needs_git
from tests.checks.access.access import ACCESS

RULE = next(rule for rule in shipped_rulebook().rules if rule.code == "IAM003")


@needs_git
@pytest.mark.parametrize(
    ("remote", "outcome", "subject"),
    [
        ("https://github.com/acme/depots_schemas.git", "pass", "acme/depots_schemas"),
        ("git@github.com:acme/depots_schemas.git", "pass", "acme/depots_schemas"),
        ("ssh://git@github.com/acme/depots_schemas", "pass", "acme/depots_schemas"),
        ("https://github.com/acme/carriers.git", "fail", "acme/carriers"),
        ("https://github.com/Acme/Depots_Schemas.git", "undetermined", "repository"),
        ("https://git.acme.test/teams/shipping/depots.git", "undetermined", "repository"),
    ],
)
def test_repository_of_the_remote(remote: str, outcome: str, subject: str, tmp_path: Path) -> None:
    files = {str(path.relative_to(ACCESS)): path.read_text() for path in ACCESS.rglob("*") if path.is_file()}
    commit(tmp_path, files)
    git(tmp_path, "remote", "add", "origin", remote)
    config = Config()
    model = build_model(discover(tmp_path, config), "sit")
    seen = CHECKS[RULE.check](Question(RULE, model, config, date(2026, 3, 4))).observations[0]
    assert (seen.outcome.value, seen.subject) == (outcome, subject)
