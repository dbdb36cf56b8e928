"""The whole way from a folder to an assessment: discover, parse, evaluate, describe, model, judge, assess."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import bbws_readiness
from bbws_readiness.assess.assess import assess
from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.checks import CHECKS
from bbws_readiness.config import Config, load_config
from bbws_readiness.engine.rulebook import Rulebook, load_rulebook
from bbws_readiness.engine.run import run_rules
from bbws_readiness.parsers.assemble import build_model
from bbws_readiness.project import discover
from bbws_readiness.resources import data_root


def shipped_rulebook() -> Rulebook:
    """The rules and remedies that travel with the package, each bound to its check; raises `RulebookError`."""
    return load_rulebook(data_root(), CHECKS)


def assess_project(
    root: Path,
    environment: str,
    *,
    as_of: datetime,
    config: Config | None = None,
    plan: Path | None = None,
    var_files: Sequence[Path] = (),
    outputs: str = "deployments",
) -> Assessment:
    """The assessment of the project in `root` for one environment, as of a moment in local time.

    `config` None finds readiness.yaml upward of `root`. `outputs` is where documents are written, relative to the
    root: what lies there is no input. Raises `UsageError`, `ConfigurationError` or `NothingToAssess`; faults of the
    project itself never raise, they are in the result.
    """
    config = load_config(root) if config is None else config
    rulebook = shipped_rulebook().configured(config)
    project = discover(root, config, plan=plan)
    wanted = project.require_environment(environment)
    model = build_model(project, wanted)
    answers = run_rules(model, rulebook, CHECKS, config, as_of.date())
    return assess(
        model,
        answers,
        rulebook,
        config,
        as_of=as_of,
        identity=(project.folder, project.slug, project.component(wanted), project.title),
        inputs=(),
        tool_version=bbws_readiness.__version__,
    )
