"""Finds what AWS Lambda could be told to call in a project's Python code, without running any of it."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from bbws_readiness.fact import Fact
from bbws_readiness.model.resources import Handler
from bbws_readiness.parsers.scripts.complexity import too_complex
from bbws_readiness.source import Location, Refused, Source
from bbws_readiness.terraform import FileReader

MAX_FILES = 300
"""Code files that are looked into; with more, the rest counts as not read."""

_CONTEXTS = frozenset({"context", "_context", "ctx", "_ctx", "lambda_context"})
_NO_CODE = frozenset({"test", "tests", "scripts", "docs"})
"""Folders whose Python is not deployed."""


class Code(Struct):
    """The names of all files in the order of the paths, and the files that may hold more than was read."""

    handlers: list[Handler] = field(default_factory=list)
    unread: list[Location] = field(default_factory=list)


def read_handlers(reader: FileReader, files: Sequence[str]) -> Code:
    """What stands in the Python files among `files` (project paths, ordered) outside of tests and scripts."""
    code = Code()
    chosen = [path for path in files if path.endswith(".py") and not _NO_CODE & set(path.split("/")[:-1])]
    for path in chosen[:MAX_FILES]:
        read = reader.read(path)
        module = None if isinstance(read, Refused) else _parse(read.text)
        if isinstance(read, Refused) or module is None:
            code.unread.append(Location(path, 0))
        else:
            code.handlers += _handlers(read, module)
            code.unread += [Location(path, 0)] if _imports_all(module) else []
    code.unread += (Location(path, 0) for path in chosen[MAX_FILES:])
    return code


def _handlers(source: Source, module: ast.Module) -> Iterator[Handler]:
    """Every name bound at the top of the file, each once; what functions of the file call is no handler."""
    bound: dict[str, Handler] = {}
    called = set(_called(module))
    for statement in module.body:
        for name in _bound(statement):
            fact = Fact(name, source.at(statement.lineno))
            bound[name] = Handler(source.path, fact, takes_event=_takes_event(statement) and name not in called)
    yield from bound.values()


def _bound(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (one.asname or one.name.partition(".")[0] for one in names)


def _called(module: ast.Module) -> Iterator[str]:
    """What functions of the file call by name; a call at the top, as `__main__` has it, only tries a handler out."""
    for statement in module.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            calls = (one for one in ast.walk(statement) if isinstance(one, ast.Call))
            yield from (one.func.id for one in calls if isinstance(one.func, ast.Name))


def _takes_event(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.FunctionDef):
        return False
    taken = [*statement.args.posonlyargs, *statement.args.args]
    return len(taken) == 2 and taken[1].arg in _CONTEXTS


def _imports_all(module: ast.Module) -> bool:
    imports = (one for one in module.body if isinstance(one, ast.ImportFrom))
    return any(alias.name == "*" for one in imports for alias in one.names)


def _parse(text: str) -> ast.Module | None:
    if too_complex(text):
        return None
    try:
        with warnings.catch_warnings():
            # An invalid escape in the code is its own business; the warning would go to our terminal.
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
