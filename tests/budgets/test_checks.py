"""Checks that hold many things against each other do so in work that grows with their number and no faster."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from bbws_readiness.checks.access.trust import wide_trust
from bbws_readiness.checks.portfolio.shared_claims import shared_claim
from bbws_readiness.config import Config
from bbws_readiness.engine.check import Check, Question
from bbws_readiness.engine.finding import Outcome
from bbws_readiness.fact import Fact
from bbws_readiness.model.footprint import Claim, Footprint, Neighbours
from bbws_readiness.model.model import Model
from bbws_readiness.parsers.access import read_access
from bbws_readiness.reader import Reader
from bbws_readiness.rulebooks import shipped_rulebook
from bbws_readiness.source import Location
from tests.budgets.work import seconds
from tests.checks.access.access import project

FEW, TIMES, SLOWEST = 250, 8, 24
"""Eight times as much must not take twenty-four times as long; what is quadratic takes sixty-four times."""


def asked(code: str, model: Model) -> Question:
    rule = next(rule for rule in shipped_rulebook().rules if rule.code == code)
    return Question(rule, model, Config(), date(2026, 3, 4))


def ratio(check: Check, code: str, model_of: Callable[[int], Model]) -> float:
    few, many = asked(code, model_of(FEW)), asked(code, model_of(FEW * TIMES))
    assert all(seen.outcome is Outcome.FAIL for seen in check(many).observations)
    return seconds(lambda: check(many)) / min(seconds(lambda: check(few)) for _ in range(3))


def claims(number: int, *, folder: str) -> Footprint:
    at = Location("main.tf", 1)
    same = tuple(Claim("aws_s3_bucket", Fact("acme", at), "acme", f"aws_s3_bucket.b{n}", at) for n in range(number))
    return Footprint(folder or "own", folder, claims=same)


def test_many_claims_of_one_name() -> None:
    def model_of(number: int) -> Model:
        own, other = claims(number, folder=""), claims(number, folder="depots")
        return replace(project(), neighbours=Neighbours(own, (other,)))

    assert ratio(shared_claim, "POR002", model_of) < SLOWEST


def test_many_roles_in_one_file(tmp_path: Path) -> None:
    def model_of(number: int) -> Model:
        sub = {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/*"}}
        holder = {"Federated": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"}
        said = {"Effect": "Allow", "Principal": holder, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": sub}
        roles = [{"RoleName": f"r{n}", "AssumeRolePolicyDocument": {"Statement": [said]}} for n in range(number)]
        (tmp_path / "roles.json").write_text(json.dumps({"Roles": roles}))
        access, _ = read_access(Reader(tmp_path), ["roles.json"], environment="sit", environments=("sit",))
        assert len(access.documents) == number
        return replace(project(), access=access)

    assert ratio(wide_trust, "IAM002", model_of) < SLOWEST
