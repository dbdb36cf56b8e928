"""What the commands of a promotion plan do, as far as their words tell."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from bbws_readiness.fact import Fact


class TerraformUse(Struct, frozen=True):
    """A terraform command with what it is given."""

    verb: str
    """`init`, `plan`, `apply`, `destroy`, `workspace`, …"""
    workspace: Fact[str] | None = None
    """What `workspace select` or `workspace new` names."""
    backend: Mapping[str, Fact[str]] = field(default_factory=dict)
    """The settings of `-backend-config`; empty when an `init` has none."""
    backend_files: tuple[Fact[str], ...] = ()
    """The files that `-backend-config` names, as written."""
    without_backend: bool = False
    """`-backend=false`: the state is not opened."""
    folder: Fact[str] | None = None
    """What `-chdir` names."""
    partly: bool = False
    """A var file, a variable or a setting of the backend has a name that only the shell knows."""
    var_files: tuple[Fact[str], ...] = ()
    variables: tuple[Fact[str], ...] = ()
    """The names that `-var` sets."""
    targets: tuple[Fact[str], ...] = ()
    plan_file: Fact[str] | None = None
    """`-out=` of a plan, the file argument of an apply."""


class TableUse(Struct, frozen=True):
    """What a command asks of a DynamoDB table."""

    tables: tuple[Fact[str], ...] = ()
    """One name, or every name that a loop puts in its place; empty when only the shell can tell."""
    index: Fact[str] | None = None
    key: tuple[str, ...] = ()
    """Attribute names of `--key`."""
    item: tuple[str, ...] = ()
    """Attribute names of `--item`."""
    queried: tuple[str, ...] = ()
    """Attributes that `--key-condition-expression` compares, aliases resolved where they are known."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    partly: bool = False
    """Some argument is JSON only in part; its attributes may be more than those listed."""
    has_key: bool = False
    has_item: bool = False
    unaliased: tuple[str, ...] = ()
    """Attribute names that stand in expressions as they are, each once."""


class WorkflowStart(Struct, frozen=True):
    """A `gh workflow run`."""

    name: Fact[str]
    """As written, with or without `.yml`."""
    ref: str = ""
    inputs: tuple[Fact[str], ...] = ()
    """The names that `-f` and its like set."""
    inputs_known: bool = True
    """False when inputs come from standard input or from the shell."""
