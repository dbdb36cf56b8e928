"""Gives the rules that travel with the package, alone and with those that a project brings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bbws_readiness.checks import CHECKS, SIGNATURES
from bbws_readiness.codes import Code
from bbws_readiness.config import Config, PolicyFiles, policy_source
from bbws_readiness.config.policy import RULES_FOLDER
from bbws_readiness.engine.rulebook import OwnRules, Rulebook, digest, load_rulebook
from bbws_readiness.reader import Reader
from bbws_readiness.resources import data_root, prepared_root
from bbws_readiness.source import Refused


@cache
def shipped_rulebook() -> Rulebook:
    """The rules and remedies that travel with the package, each bound to its check; raises `RulebookError`.

    Their files are held against the schemas by the tests, not by every run, and read once in a process.
    """
    return load_rulebook(data_root(), CHECKS, SIGNATURES, validate=False, prepared=prepared_root())


@cache
def shipped_digest() -> str:
    """That of the rules that travel with the package, whatever a configuration sets of them."""
    return digest(shipped_rulebook().rules)


def project_rules(root: Path, config: Config) -> OwnRules:
    """The rules that travel with the package and those of the project in `root`, without the settings of `config`.

    With a base in the configuration the project's rules are those of the base. Raises `InvalidRules`.
    """
    files: PolicyFiles = Reader(root)
    project = "."
    if config.policy:
        source = policy_source(root, config.policy.commit)
        files, project = source.base, source.project
    folder = files.read(RULES_FOLDER if project == "." else f"{project}/{RULES_FOLDER}")
    if isinstance(folder, Refused) and folder.code is Code.MISSING:
        return OwnRules(shipped_rulebook())
    # Few projects have rules of their own, and to load what reads them takes a while.
    from bbws_readiness.engine.own_rules import with_own_rules

    return with_own_rules(shipped_rulebook(), CHECKS, data_root(), files, project)
