"""Gathers what Terraform says about one environment: the configuration, its tables and backups, its tfvars files."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import Fact
from bbws_readiness.model.backups import Backup
from bbws_readiness.model.environments import Setting
from bbws_readiness.model.model import EnvironmentFile
from bbws_readiness.model.resources import Configuration
from bbws_readiness.model.tables import Table
from bbws_readiness.parsers.terraform.backups import describe_backup
from bbws_readiness.parsers.terraform.configuration import describe_configuration
from bbws_readiness.parsers.terraform.facts import SENSITIVE, plain
from bbws_readiness.parsers.terraform.tables import describe_tables
from bbws_readiness.source import Location, Refused, Source
from bbws_readiness.terraform import Evaluation, parse_tfvars
from bbws_readiness.terraform.lexer import Lines, lex


class TerraformDescription(Struct, frozen=True):
    """One Terraform root, evaluated for one environment."""

    configuration: Configuration
    tables: tuple[Table, ...]
    backup: Backup


def describe_terraform(
    evaluation: Evaluation, *, environment: str, var_files: Sequence[str] = (), lock_file: str | None = None
) -> TerraformDescription:
    """The nouns of `evaluation`, which was made with `var_files` for `environment`."""
    tables = describe_tables(evaluation, environment)
    return TerraformDescription(
        configuration=describe_configuration(
            evaluation, environment=environment, var_files=var_files, lock_file=lock_file
        ),
        tables=tables,
        backup=describe_backup(evaluation, tables),
    )


def describe_settings(
    environment: str, read: Source | Refused, *, sensitive: Collection[str] = ()
) -> tuple[EnvironmentFile, tuple[Diagnostic, ...]]:
    """A tfvars file as it stands, values of the variables named in `sensitive` left out, and what is wrong with it."""
    if isinstance(read, Refused):
        unread = EnvironmentFile(environment, read.at, size=0, readable=False)
        return unread, (Diagnostic.of_refusal(read),)
    entries, diagnostics = parse_tfvars(read)
    settings = []
    for entry in entries:
        hidden: Fact[object] = Fact(SENSITIVE, entry.at)
        value = hidden if entry.name in sensitive else plain(entry.value, entry.at)
        settings.append(Setting(entry.name, value))
    broken = any(diagnostic.severity is DiagnosticSeverity.ERROR for diagnostic in diagnostics)
    file = EnvironmentFile(
        environment=environment,
        at=Location(read.path, 1 if read.size else 0),
        size=read.size,
        settings=tuple(settings),
        readable=not broken,
        comments=() if broken or read.path.endswith(".json") else tuple(_comments(read)),
    )
    return file, tuple(diagnostics)


def _comments(source: Source) -> Iterator[Fact[str]]:
    """The lines of all comments of a file that can be parsed."""
    for token in lex(source.text, Lines(source.path, source.text)).comments:
        first = source.text.count("\n", 0, token.start) + 1
        for number, line in enumerate(token.text.split("\n"), first):
            if text := line.strip(" \t\r#/*"):
                yield Fact(text, source.at(number))
