"""How a fault in a configuration travels: raised inside one expression, collected as data outside."""

from __future__ import annotations

from msgspec import Struct, field

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.source import Location
from bbws_readiness.terraform.limits import MAX_DIAGNOSTICS


class Fault(Exception):
    """One expression or file is wrong. Never leaves this package: it becomes a `Diagnostic`."""

    def __init__(self, summary: str, at: Location, detail: str = "", *, code: Code) -> None:
        self.summary = summary
        self.at = at
        self.detail = detail
        self.code = code
        super().__init__(summary)

    def diagnostic(self) -> Diagnostic:
        """The same fault as data."""
        return error(self.summary, self.at, self.detail, code=self.code)


class StaticFault(Fault):
    """The expression is wrong whatever the values are; `try` and `can` do not catch it either."""


class BudgetFault(Fault):
    """A budget is exceeded; unlike other faults, `try` and `can` do not catch it."""


def error(summary: str, at: Location, detail: str = "", *, code: Code) -> Diagnostic:
    """A diagnostic of severity error."""
    return Diagnostic(DiagnosticSeverity.ERROR, summary, at, detail, code=code)


def warning(summary: str, at: Location, detail: str = "", *, code: Code) -> Diagnostic:
    """A diagnostic of severity warning."""
    return Diagnostic(DiagnosticSeverity.WARNING, summary, at, detail, code=code)


class Collector(Struct):
    """Gathers diagnostics, each once, up to `MAX_DIAGNOSTICS`."""

    _found: dict[Diagnostic, None] = field(default_factory=dict)
    _dropped: int = 0

    def add(self, *diagnostics: Diagnostic) -> None:
        """Keep these, unless they are already kept."""
        for diagnostic in diagnostics:
            if diagnostic in self._found:
                continue
            if len(self._found) < MAX_DIAGNOSTICS:
                self._found[diagnostic] = None
            else:
                self._dropped += 1

    def all(self) -> tuple[Diagnostic, ...]:
        """Everything kept, ordered by place; a last one counts what was dropped."""
        kept = sorted(self._found, key=lambda found: (found.at, found.summary, found.detail))
        if self._dropped:
            kept.append(warning(f"and {self._dropped} more", kept[-1].at, code=Code.MORE))
        return tuple(kept)
