"""Every regular expression of the package takes time in proportion to the text, whatever the text is."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from tests.budgets.work import seconds
from tests.cases import each

PACKAGE = Path(__file__).parent.parent.parent / "bbws_readiness"
CALLS = ("compile", "search", "match", "fullmatch", "finditer", "findall", "split", "sub")
CALLED = re.compile(rf"\b(?:re\.(?:{'|'.join(CALLS)})|regex)\(")
FLAGS = {"VERBOSE": re.VERBOSE, "IGNORECASE": re.IGNORECASE, "MULTILINE": re.MULTILINE, "DOTALL": re.DOTALL}
FLAGS["ASCII"] = re.ASCII
LENGTH = 50_000
LONGEST = 0.1
"""Seconds for `LENGTH` characters."""

MEASURABLE = 0.05

ONE_LINE = 2_000
"""Characters that a line of a document and a sentence of ours have at most, and so what a pattern over one sees."""
BOUNDED = {
    "parsers/promotion_plan/": ONE_LINE,
    "parsers/readme.py": ONE_LINE,
    "render/encode/markdown.py": ONE_LINE,
}
"""Folders whose patterns are only put to texts up to this length."""


def _patterns() -> Iterator[tuple[str, int, str, str, int]]:
    """File, line, function, pattern and flags of every literal pattern in the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        source = path.read_text()
        if not CALLED.search(source):
            continue
        nodes = tuple(ast.walk(ast.parse(source)))
        constants = {
            target.id: text
            for node in nodes
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name) and (text := _text(node.value, {}))
        }
        used = _methods(nodes)
        for node in nodes:
            match node:
                case ast.Call(ast.Attribute(ast.Name("re"), function), [pattern, *more], keywords) | ast.Call(
                    ast.Name("regex" as function), [pattern, *more], keywords
                ) if function in (*CALLS, "regex"):
                    text = _text(pattern, constants)
                    flags = _flags([*more, *(keyword.value for keyword in keywords)])
                    if text is not None:
                        ways = used.get(id(node), {function})
                        yield str(path.relative_to(PACKAGE)), node.lineno, _slowest(ways), text, flags


def _methods(nodes: Sequence[ast.AST]) -> dict[int, set[str]]:
    """For each `NAME = regex(…)`, by the identity of the call, the methods that the module calls of `NAME`."""
    compiled = {
        node.targets[0].id: id(node.value)
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    found: dict[int, set[str]] = {}
    for node in nodes:
        match node:
            case ast.Attribute(ast.Name(name), method) if name in compiled and method in CALLS:
                found.setdefault(compiled[name], set()).add(method)
    return found


def _slowest(ways: set[str]) -> str:
    """Whether the pattern is tried at every place of a text, or at one."""
    return "match" if ways <= {"match", "fullmatch"} else "finditer"


def _text(node: ast.expr, constants: dict[str, str]) -> str | None:
    """The text of a literal; of an f-string only when all that it puts in are constants of the module."""
    match node:
        case ast.Constant(str(text)):
            return text
        case ast.JoinedStr(values):
            parts = [
                _text(value.value if isinstance(value, ast.FormattedValue) else value, constants) for value in values
            ]
            return None if None in parts else "".join(map(str, parts))
        case ast.Name(name):
            return constants.get(name)
    return None


def _flags(arguments: list[ast.expr]) -> int:
    names = [node.attr for argument in arguments for node in ast.walk(argument) if isinstance(node, ast.Attribute)]
    return sum(FLAGS.get(name, 0) for name in names)


PATTERNS = list(_patterns())
UNITS = [
    "a",
    "A",
    "0",
    " ",
    "\n",
    "\t",
    '"',
    '\\"',
    "'",
    "(",
    ")",
    "[",
    "{",
    "<",
    "-",
    "|",
    "`",
    "*",
    "$",
    "\\",
    "_",
    ".",
]
MIXES = [
    "a ",
    "a-",
    "a.",
    "a\n",
    " \n",
    "**a",
    "`a`",
    "(a",
    "0.",
    "1 ",
    '"a',
    '\\"a',
    "0-",
    "a:",
    "é",
    "a_",
    "é ",
    "\r\n",
]


def adversaries(pattern: str) -> list[str]:
    """Repeated pieces: general ones, and what the pattern itself begins with or contains."""
    own = re.findall(r"[A-Za-z0-9_ \-:\"'#|/,=]{2,}", pattern)
    plain = [re.sub(r"\\[bswdWSDAZ]|\(\?[:i=!<]*|[\\()\[\]?*+^$|]", "", piece) for piece in own]
    signs = re.findall(r"[^\w\s\\]", pattern)
    return list(dict.fromkeys([*UNITS, *MIXES, *filter(None, plain), *signs, *(f"a{sign}" for sign in signs)]))


def search(compiled: re.Pattern[str], function: str, text: str) -> None:
    if function == "match":
        compiled.match(text)
        compiled.fullmatch(text)
    else:
        for _ in compiled.finditer(text):
            pass


def _bound(file: str) -> int:
    return next((length for start, length in BOUNDED.items() if file.startswith(start)), LENGTH)


def test_the_registry_is_complete() -> None:
    assert len(PATTERNS) > 150


@each(
    ("file", "line", "function", "pattern", "flags"),
    PATTERNS,
    ids=lambda value: str(value)[:40],
    by=lambda file, *_: file,
)
def test_no_text_takes_more_than_its_share(file: str, line: int, function: str, pattern: str, flags: int) -> None:
    compiled = re.compile(pattern, flags)
    length = _bound(file)
    for unit in adversaries(pattern):
        for ending in ("", "!\x00"):
            text = (unit * (length // len(unit) + 1))[:length] + ending
            # Parts of it first: what is quadratic shows there, and does not keep everybody waiting.
            for part in (length // 20, length // 5, length):
                run = partial(search, compiled, function, text[:part] + ending)
                taken = seconds(run)
                if taken * (length / part) ** 2 < LONGEST:
                    break
                allowed = max(LONGEST * part / length, MEASURABLE)
                for _ in range(3):  # a busy machine makes some runs slow, and none of them fast
                    taken = taken if taken < allowed else min(taken, seconds(run))
                assert taken < allowed, f"{file}:{line}: {unit!r} takes {taken:.3f} s for {part} characters"
