"""The project of the tests with roles, policies and trusts."""

from functools import cache
from pathlib import Path

from bbws_readiness.config import Config
from bbws_readiness.model.model import Model
from bbws_readiness.parsers.assemble import build_model
from bbws_readiness.project import discover

ACCESS = Path(__file__).parents[2] / "rules" / "projects" / "access"


@cache
def project() -> Model:
    return build_model(discover(ACCESS, Config()), "sit")
