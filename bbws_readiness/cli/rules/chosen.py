"""Which rules the subcommands are about: ours, or those in force in a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from bbws_readiness.cli.confinement import confine
from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError

if TYPE_CHECKING:
    from bbws_readiness.config import Config
    from bbws_readiness.engine.rule import Rule
    from bbws_readiness.engine.rulebook import OwnRules, Rulebook


class Chosen(Struct, frozen=True):
    """The rules of a project, or ours alone."""

    own: OwnRules
    """As their files state them."""
    config: Config
    book: Rulebook
    """With the settings of the configuration."""

    def rule(self, name: str) -> Rule:
        """The rule of that code or slug; raises `UsageError` with a near name."""
        found = self.book.rule(name)
        if found is None:
            near = self.book.near(name)
            hint = f'did you mean "{near}"?' if near else "`readiness rules` lists them"
            raise UsageError(f'there is no rule "{name[:80]}"', hint=hint, code=Code.UNKNOWN_RULE)
        return found


def chosen_rules(path: Path | None, config_path: Path | None = None) -> Chosen:
    """The rules in force in the project at `path`; None means ours, without settings."""
    from bbws_readiness.config import Config, load_config
    from bbws_readiness.engine.rulebook import OwnRules
    from bbws_readiness.rulebooks import project_rules, shipped_rulebook

    if path is None:
        book = shipped_rulebook()
        return Chosen(OwnRules(book), Config(), book)
    confine(path)
    if not path.is_dir():
        raise UsageError(f'"{path.name}" is no folder', hint="name the folder of a project", code=Code.NAMED_FILE)
    config = load_config(path, path=config_path)
    own = project_rules(path, config)
    return Chosen(own, config, own.book.configured(config))
