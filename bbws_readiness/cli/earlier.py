"""Reads the JSON of an earlier assessment that is named on the command line or in readiness.yaml."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bbws_readiness.codes import Code
from bbws_readiness.errors import ConfigurationError, UsageError
from bbws_readiness.reader import Limits, Reader
from bbws_readiness.source import Refused, Source

if TYPE_CHECKING:
    from bbws_readiness.config import Config

ENVIRONMENT = "{environment}"


def assessment_file(path: Path) -> Source:
    """The file at `path`, by a reader that sees nothing but its folder; raises `UsageError` for what cannot be read."""
    from bbws_readiness.compare.document import HINT

    shown = path.parent.as_posix()
    prefix = "" if shown == "." else f"{shown}/"
    read = Reader(Path(os.path.realpath(path.parent)), prefix=prefix, limits=_limits()).read(path.name)
    if isinstance(read, Refused):
        raise UsageError(read.summary, at=read.at, hint=HINT, code=read.code)
    return read


def configured_baseline(project: Path, environment: str, config: Config) -> Source | None:
    """What `gate.baseline` of the configuration names; None when it names nothing, or nothing for this environment yet.

    With a base in the configuration it is the file of the base, which a change cannot touch. Raises
    `ConfigurationError` for what is not there or cannot be read.
    """
    named = config.gate.baseline
    if not named:
        return None
    path = named.replace(ENVIRONMENT, environment.strip().lower())
    read = _read(project, path, config)
    if isinstance(read, Source):
        return read
    if read.code is Code.MISSING and ENVIRONMENT in named:
        return None
    at = config.at("gate.baseline")
    raise ConfigurationError(f'gate.baseline: "{path}": {read.summary}', at=at, hint=read.detail, code=read.code)


def _read(project: Path, path: str, config: Config) -> Source | Refused:
    if config.policy is None:
        return Reader(Path(os.path.realpath(project)), limits=_limits()).read(path)
    from msgspec.structs import replace

    from bbws_readiness.config import policy_source

    source = policy_source(project, config.policy.commit, max_bytes=_limits().file_bytes)
    read = source.base.read(path if source.project == "." else f"{source.project}/{path}")
    return replace(read, path=path) if isinstance(read, Source) else read


def _limits() -> Limits:
    from bbws_readiness.compare.document import MAX_BYTES

    return Limits(file_bytes=MAX_BYTES, total_bytes=MAX_BYTES)
