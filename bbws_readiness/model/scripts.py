"""A validation script as its constants state it; it is never run."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from msgspec import Struct

from bbws_readiness.fact import Fact
from bbws_readiness.model.tables import Table
from bbws_readiness.source import Location


class ValidationScript(Struct, frozen=True):
    """One Python script that checks a deployment."""

    path: str
    at: Location
    environment: Fact[str] | None = None
    """From its constants, else its file name; None when it takes the environment as an argument."""
    takes_environment: bool = False
    """It has a command-line argument for the environment."""
    account: Fact[str] | None = None
    region: Fact[str] | None = None
    tables: tuple[Table, ...] = ()
    """Its expectations."""
    required_tags: tuple[Fact[str], ...] = ()
    verifies: tuple[Fact[str], ...] = ()
    """What it looks at: `existence`, `status`, `keys`, `indexes`, `index-keys` (those of the indexes), `recovery`,
    `streams`, `billing`, `tags`."""
    counts: tuple[Fact[int], ...] = ()
    not_constant: tuple[Fact[str], ...] = ()
    """Expectations that are computed when it runs, as Unknown facts with their places."""
    computed_member: Location | None = None
    """Where it takes a member of a described table by a name that it computes."""
    imports: tuple[Fact[str], ...] = ()
    """The modules that it imports, with the dots of a relative import as written."""


def script_path(own: ValidationScript | None, scripts: Sequence[ValidationScript], environment: str) -> str:
    """Where the script of `environment` lies, or would lie if it were named like one of `scripts`."""
    if own:
        return own.path
    for script in scripts:
        named = script.environment.or_none() if script.environment else None
        folder, name = posixpath.split(script.path)
        if named and named in name:
            return posixpath.join(folder, name.replace(named, environment))
    return f"scripts/validate_{environment}.py"
