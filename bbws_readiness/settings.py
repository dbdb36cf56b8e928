"""What the caller sets beside the files of a project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field


class Settings(Struct, frozen=True):
    """What the caller sets beside the files and the workflow, as the options of `terraform plan` would."""

    var_files: tuple[Path, ...] = ()
    """Relative to the working directory, inside the project; applied after all others, in this order."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """As `-var` takes them: they win over every file."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """As `TF_VAR_` takes them, without the prefix: every file wins over them."""
