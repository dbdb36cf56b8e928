"""Which classes the results of parsers are made of, so that they can be kept between runs."""

from __future__ import annotations

from functools import cache

from bbws_readiness import codes, errors, fact, source
from bbws_readiness.cache.codec import Codec, classes_of
from bbws_readiness.model import (
    backups,
    environments,
    formats,
    layouts,
    plan_commands,
    plans,
    portfolio,
    readmes,
    repository,
    resources,
    scripts,
    secrets,
    tables,
    workflows,
)


@cache
def codec() -> Codec:
    """Of every noun that one file can be read as; whatever else a result holds, keeps it from being kept."""
    nouns = (backups, environments, formats, layouts, plan_commands, plans, portfolio, readmes, repository, resources)
    return Codec(classes_of(codes, errors, fact, source, scripts, secrets, tables, workflows, *nouns))
