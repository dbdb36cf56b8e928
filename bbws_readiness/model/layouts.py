"""How the Terraform of a project is laid out for one environment: the root, its var files, its workspace."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.errors import Diagnostic
from bbws_readiness.fact import Fact
from bbws_readiness.source import Location


class VarFile(Struct, frozen=True):
    """A file of values that was applied."""

    path: str
    why: str
    """What applies it: `Terraform takes it up`, `the workflow passes it`, …"""
    at: Location | None = None
    """The line that says so, where there is one."""


class Layout(Struct, frozen=True):
    """What was assessed of the Terraform in the project, and what was not."""

    root: str | None = None
    """The folder, `.` for the project itself; None when none was chosen."""
    why: str = ""
    """The end of a sentence that begins with the root."""
    at: Location | None = None
    """The line that decided, where there is one."""
    others: tuple[str, ...] = ()
    """Further folders that could be a root and were not assessed, ordered."""
    var_files: tuple[VarFile, ...] = ()
    """In the order in which later ones win."""
    passed: tuple[tuple[str, Location], ...] = ()
    """The variables that are passed beside the files, ordered by name, with their places."""
    workspace: Fact[str] | None = None
    """The Terraform workspace; None when there is no root."""
    own_root: bool = False
    """Whether the root is named for the environment, so that whatever it sets is the environment's."""
    own_roots: tuple[tuple[str, str], ...] = ()
    """Environment and folder of the roots that are named for one, in the order of promotion."""
    problem: Diagnostic | None = None
    """Why there is no root although there is Terraform."""
