"""Reads one GitHub workflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from bbws_readiness.cache.results import recalled_with
from bbws_readiness.errors import Diagnostic
from bbws_readiness.fact import Fact
from bbws_readiness.memory import Read, ReadTogether
from bbws_readiness.model.workflows import Workflow
from bbws_readiness.parsers.kept import codec
from bbws_readiness.source import Source

__all__ = ["parse_workflow"]


def parse_workflow(
    source: Source,
    *,
    environments: Sequence[str],
    given: Mapping[str, Fact[str]] | None = None,
    read: Read | None = None,
) -> tuple[Workflow | None, tuple[Diagnostic, ...]]:
    """The workflow in `source`, and what is wrong with the file.

    With `read`, the actions and scripts of the repository that its steps call are put behind those steps.
    `given` tells what inputs and names of the matrix stand for in one run: `inputs.environment`.
    A file that is no YAML mapping yields no workflow. `environments` are the names it may deploy to, in lower case.
    A value that an expression leaves open is unknown with the reason; `via` names the lines that gave a value.
    """
    given = given or {}
    names = tuple(environments)
    key = (source, names, tuple(sorted(given.items())), read is not None)

    def parse(noted: Read) -> _Parsed:
        # Loaded for a workflow that was not read before.
        from bbws_readiness.parsers.workflows.whole import whole_workflow

        return whole_workflow(source, names, given, noted if read else None)

    return _WORKFLOWS.answer(
        key,
        source,
        read or _nothing,
        lambda noted: recalled_with("workflow", codec, source, repr(key[1:]), noted, parse),
    )


_Parsed: TypeAlias = tuple[Workflow | None, tuple[Diagnostic, ...]]
_Key: TypeAlias = tuple[Source, tuple[str, ...], tuple[tuple[str, Fact[str]], ...], bool]
_WORKFLOWS: ReadTogether[_Key, _Parsed] = ReadTogether()


def _nothing(_: str) -> None:
    """Reads no file."""
