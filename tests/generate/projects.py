"""Projects for which files are generated: copies of the example, the rich one beside, and edits of them."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from bbws_readiness.config import Config, load_config
from bbws_readiness.model.model import Model
from bbws_readiness.pipeline import model_project
from bbws_readiness.settings import Settings
from tests.example import EXAMPLE

RICH = Path(__file__).parent / "rich"
TERRAFORM = Path(__file__).parents[3] / "shared" / "tools" / "terraform-offline"
"""A wrapper beside the checkout that knows a mirror of the providers."""

ROOTS = {EXAMPLE: "terraform/dynamodb", RICH: "terraform"}


def copy(project: Path, target: Path, edits: Mapping[str, tuple[str, str]] = {}) -> Path:
    """A copy of the project in `target`, with one replacement per file; each must be found."""
    copied = target / "2_1_bbws_dynamodb_schemas"
    shutil.copytree(project, copied, ignore=shutil.ignore_patterns("deployments"))
    for path, (old, new) in edits.items():
        text = (copied / path).read_text()
        assert old in text, f"{path} does not hold {old!r}"
        (copied / path).write_text(text.replace(old, new))
    return copied


def read(
    project: Path, environment: str = "sit", *, config: Path | None = None, variables: Mapping[str, str] = {}
) -> tuple[Model, Config]:
    """The project as the commands read it."""
    loaded = load_config(project, path=config)
    settings = Settings(variables=variables)
    return model_project(project, environment, config=loaded, settings=settings, outputs="deployments"), loaded
