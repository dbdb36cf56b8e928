"""Gathers the terms on which backups are asked for, by source and environment, with their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bbws_readiness.config import Config
from bbws_readiness.fact import Fact, known_text
from bbws_readiness.model.model import Model
from bbws_readiness.model.tables import BackupTerms
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location, SourceKind

FREQUENCIES = ("hourly", "daily", "weekly", "monthly")
"""The words for which the generated Terraform knows a schedule; other ones have to be `cron(…)` or `rate(…)`."""

SOURCES = (SourceKind.PLAN, SourceKind.SCHEMAS)

_EXPRESSION = regex(r"(?:cron|rate)\([A-Za-z0-9 ,*/?#LW-]{1,80}\)")
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_-]*")


class Asked(Struct, frozen=True):
    """What one source asks for in one environment."""

    source: SourceKind
    environment: str
    frequency: str
    """As the source writes it; empty when it does not say."""
    retention_days: int | None
    copied: bool
    """Whether a copy in another region is asked for."""
    at: Location

    @property
    def words(self) -> str:
        """`hourly, 7 days, copied to another region`."""
        days = "" if self.retention_days is None else f"{self.retention_days} day{'s' * (self.retention_days != 1)}"
        copied = "copied to another region" if self.copied else ""
        return ", ".join(filter(None, (self.frequency, days, copied))) or "backups"


class BackupSetting(Struct, frozen=True):
    """The terms that the authority asks for in one environment."""

    environment: str
    frequency: str
    """One of `FREQUENCIES`, or an expression of AWS Backup."""
    retention_days: int
    source: SourceKind
    at: Location


def asked_terms(model: Model) -> tuple[Asked, ...]:
    """Everything that plan and schemas ask for, each statement once, in the order of the sources."""
    found: dict[tuple[SourceKind, str, str, int | None, bool], Asked] = {}
    for source in SOURCES:
        for terms in _stated(model, source):
            for environment, one in terms.items():
                asked = _asked(source, environment, one)
                found.setdefault((source, environment, asked.frequency, asked.retention_days, asked.copied), asked)
    return tuple(asked for asked in found.values() if _NAME.fullmatch(asked.environment))


def settings_of_authority(model: Model, config: Config) -> tuple[BackupSetting, ...]:
    """The terms of the first source of the authority that states any; empty while nobody is right about backups.

    A source that asks for different terms of one environment (one schema this, another that) has not decided them.
    """
    asked = asked_terms(model)
    for kind in config.authority_of("backup"):
        own = [one for one in asked if one.source is kind]
        if settings := tuple(setting for setting in map(_setting, _undisputed(own)) if setting):
            return settings
    return ()


def default_of(settings: Sequence[BackupSetting], name: str) -> str | int | None:
    """The value that contradicts no environment: the same in all that the authority names; None when they differ."""
    values = {getattr(setting, name) for setting in settings}
    return values.pop() if len(values) == 1 else None


def _stated(model: Model, source: SourceKind) -> Iterator[Mapping[str, BackupTerms]]:
    if source is SourceKind.PLAN and model.plan:
        yield model.plan.backup
    elif source is SourceKind.SCHEMAS and model.schemas:
        yield from (table.backups for table in model.schemas.tables)


def _asked(source: SourceKind, environment: str, terms: BackupTerms) -> Asked:
    place: Fact[int] | Fact[str] | None = terms.retention_days or terms.frequency
    return Asked(
        source=source,
        environment=environment,
        frequency=(known_text(terms.frequency)).strip(),
        retention_days=terms.retention_days.or_none() if terms.retention_days else None,
        copied=bool(terms.cross_region and terms.cross_region.or_none()),
        at=place.at if place else terms.at,
    )


def _undisputed(asked: Sequence[Asked]) -> Iterator[Asked]:
    names = [one.environment for one in asked]
    return (one for one in asked if names.count(one.environment) == 1)


def _setting(asked: Asked) -> BackupSetting | None:
    frequency = asked.frequency.lower() if asked.frequency.lower() in FREQUENCIES else asked.frequency
    if frequency not in FREQUENCIES and not _EXPRESSION.fullmatch(frequency):
        return None
    if asked.retention_days is None or asked.retention_days < 1:
        return None
    return BackupSetting(asked.environment, frequency, asked.retention_days, asked.source, asked.at)
