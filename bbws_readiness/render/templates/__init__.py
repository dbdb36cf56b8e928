"""Fills our templates: with the code that was made of them beforehand where it is theirs, else with Jinja."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bbws_readiness.render.templates.keys import digest_of, made_table, makers_digest
from bbws_readiness.render.templates.purposes import DOCUMENTS, PURPOSES, TEXTS, Purpose
from bbws_readiness.render.templates.runtime import FILTERS, Context, Environment
from bbws_readiness.resources import data_root, prepared_root

if TYPE_CHECKING:
    import jinja2

__all__ = ["DOCUMENTS", "PURPOSES", "TEXTS", "Purpose", "Templates"]


class Templates:
    """The templates of one purpose. Both ways to fill one give the same bytes; Jinja is imported only for its own."""

    def __init__(
        self,
        purpose: Purpose,
        finalize: Callable[[object], str],
        filters: Mapping[str, Callable[..., Any]],
        *,
        folder: Path | None = None,
        prepared: Path | None = None,
    ) -> None:
        """`finalize` makes text of each value that is printed; `filters` are those that the purpose names.

        Templates lie in `folder`, code made of them in `prepared`: by default those of this package.
        """
        self._purpose, self._finalize, self._filters = purpose, finalize, filters
        self._folder = folder or data_root() / "templates"
        self._prepared = prepared or prepared_root()
        self._made: dict[str, bool] = {}

    def fill(self, name: str, values: Mapping[str, object]) -> str:
        """The text of one template. Raises Jinja's errors for a template that is wrong, or lacks a value."""
        if self.is_ready(name):
            return "".join(self._environment.roots[name](Context(values)))
        return self._jinja.get_template(name).render(values)

    def is_ready(self, name: str) -> bool:
        """Whether there is code of the template as it lies there, and of all that it includes."""
        if name not in self._made:
            digest, includes, _ = self._table.get(name, ("", (), None))
            self._made[name] = bool(
                digest
                and digest == digest_of(self._purpose, (self._folder / name).read_bytes())
                and all(self.is_ready(one) for one in includes)
            )
        return self._made[name]

    @cached_property
    def _table(self) -> Mapping[str, Any]:
        """What was written of each template; empty where it would be written otherwise today."""
        return made_table(self._prepared / f"{self._purpose.name}.py", makers=makers_digest())

    @cached_property
    def _environment(self) -> Environment:
        roots: dict[str, Any] = {}
        environment = Environment(finalize=self._finalize, filters={**FILTERS, **self._filters}, roots=roots)
        roots |= {name: make(environment) for name, (_, _, make) in self._table.items()}
        return environment

    @cached_property
    def _jinja(self) -> jinja2.Environment:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        environment = Environment(
            loader=FileSystemLoader(self._folder),
            undefined=StrictUndefined,
            finalize=self._finalize,
            autoescape=False,  # noqa: S701 - none of them makes HTML, and `finalize` encodes for what they make
            **self._purpose.options,
        )
        environment.filters.update(self._filters)
        return environment
