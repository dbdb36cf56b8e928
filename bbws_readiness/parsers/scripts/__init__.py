"""Reads one Python validation script without running any of it."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import Fact
from bbws_readiness.model.scripts import ValidationScript
from bbws_readiness.parsers.scripts import verification
from bbws_readiness.parsers.scripts.complexity import MAX_NODES, too_complex
from bbws_readiness.parsers.scripts.constants import Constants
from bbws_readiness.parsers.scripts.expectations import Expectations
from bbws_readiness.parsers.scripts.nodes import nodes_of
from bbws_readiness.patterns import regex
from bbws_readiness.source import Source

__all__ = ["parse_script"]

ACCEPTED_ENCODINGS = frozenset({"utf-8", "utf8", "ascii", "us-ascii"})
_COOKIE = regex(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
"""As PEP 263 defines it, on the first or second line."""

ENVIRONMENT_NAMES = ("ENVIRONMENT", "ENV", "EXPECTED_ENVIRONMENT", "TARGET_ENVIRONMENT", "STAGE")
ACCOUNT_NAMES = ("ACCOUNT_ID", "AWS_ACCOUNT_ID", "EXPECTED_ACCOUNT_ID", "EXPECTED_ACCOUNT", "ACCOUNT", "AWS_ACCOUNT")
REGION_NAMES = ("REGION", "AWS_REGION", "EXPECTED_REGION", "DEFAULT_REGION", "AWS_DEFAULT_REGION", "REGION_NAME")
TELLING_NAMES = ("validat", "verif", "check", "smoke")


def parse_script(
    source: Source, *, environments: Sequence[str]
) -> tuple[ValidationScript | None, tuple[Diagnostic, ...]]:
    """What the script's constants expect of a deployment, or None for a script that validates none.

    A script validates when it asks AWS about tables and either lists expected ones or has a name that says so.
    What would have to be computed is unknown and listed in `not_constant`; nothing is ever evaluated.
    """
    if refusal := _refused_encoding(source):
        return None, (refusal,)
    module = _parse(source)
    if isinstance(module, Diagnostic):
        return None, (module,)
    constants = Constants(source, module)
    accesses = verification.accesses(module)
    verifies = verification.verified(accesses, source)
    expectations = Expectations(source, constants, environments)
    name = source.path.rsplit("/", 1)[-1]
    if not verifies or not (expectations.found or any(word in name.lower() for word in TELLING_NAMES)):
        return None, ()
    takes_environment = verification.takes_environment(module)
    demanded = verification.Demands(source, constants, accesses)
    script = ValidationScript(
        path=source.path,
        at=source.at(1),
        environment=constants.first(ENVIRONMENT_NAMES) or _from_name(source, environments, takes=takes_environment),
        takes_environment=takes_environment,
        account=constants.first(ACCOUNT_NAMES),
        region=constants.first(REGION_NAMES) or verification.region_argument(module, source),
        tables=tuple(demanded.put_on(table) for table in expectations.tables),
        required_tags=expectations.required_tags,
        verifies=verifies,
        counts=expectations.counts,
        not_constant=expectations.not_constant,
        imports=verification.imports(module, source),
        computed_member=verification.computed_member(module, source),
    )
    return script, ()


def _refused_encoding(source: Source) -> Diagnostic | None:
    for number, line in enumerate(source.lines[:2], start=1):
        match = _COOKIE.match(line)
        if match:
            if match[1].lower().replace("_", "-") in ACCEPTED_ENCODINGS:
                return None
            return _error(
                f'encoding "{match[1][:40]}" is not accepted', source, number, "use UTF-8", code=Code.SCRIPT_ENCODING
            )
        if line.strip() and not line.lstrip().startswith("#"):
            return None
    return None


def _parse(source: Source) -> ast.Module | Diagnostic:
    """The tree of the script; a fault of it in our own words otherwise."""
    complex_ = "too complex to read"
    if too_complex(source.text):
        return _error(complex_, source, 1, "simplify or split it", code=Code.SCRIPT_COMPLEX)
    try:
        with warnings.catch_warnings():
            # An invalid escape in the script is the script's business; the warning would go to our own terminal.
            warnings.simplefilter("ignore")
            module = ast.parse(source.text)
    except SyntaxError as error:
        beyond = any(word in (error.msg or "") for word in ("too many", "Exceeds the limit", "too deeply"))
        line = min(error.lineno or 1, len(source.lines))
        return _error(
            complex_ if beyond else "not valid Python",
            source,
            max(line, 1),
            "simplify or correct it",
            code=Code.SCRIPT_COMPLEX if beyond else Code.SCRIPT,
        )
    except (RecursionError, MemoryError):
        return _error(complex_, source, 1, "simplify it", code=Code.SCRIPT_COMPLEX)
    except ValueError:
        return _error("not valid Python", source, 1, "remove control characters", code=Code.SCRIPT)
    if len(nodes_of(module)) > MAX_NODES:
        return _error(complex_, source, 1, "split it", code=Code.SCRIPT_COMPLEX)
    return module


def _from_name(source: Source, environments: Sequence[str], *, takes: bool) -> Fact[str] | None:
    """The environment in the file name, for a script that does not take it as an argument."""
    if takes:
        return None
    stem = source.path.rsplit("/", 1)[-1].removesuffix(".py").lower()
    parts = stem.replace("-", "_").split("_")
    found = [name for name in environments if name in parts]
    return Fact(found[0], source.at(0)) if len(found) == 1 else None


def _error(summary: str, source: Source, line: int, detail: str, *, code: Code) -> Diagnostic:
    return Diagnostic(DiagnosticSeverity.ERROR, summary, source.at(line), detail, code=code)
