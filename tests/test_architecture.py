"""The habits of the house: who may import whom, one sentence per module, no cycle, no second door to a library."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.cases import each

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "bbws_readiness"
MODULES = sorted(PACKAGE.rglob("*.py"))

FOUNDATION = {"cache", "codes", "disclosure", "errors", "linear", "memory", "patterns", "ready_patterns", "source"}
MAY_IMPORT = {
    "source": {"codes", "patterns"},
    "resources": set(),
    "process": {"patterns"},
    "codes": set(),
    "disclosure": {"memory", "patterns"},
    "linear": {"patterns"},
    "patterns": {"ready_patterns"},
    "ready_patterns": {"resources"},
    "memory": {"source"},
    "cache": {"disclosure", "memory", "patterns", "source"},
    "errors": {"codes", "patterns", "source"},
    "positioned": {*FOUNDATION},
    "schema_check": {*FOUNDATION, "positioned", "schema_fit"},
    "schema_fit": set(),
    "fact": {"source"},
    "reader": {"codes", "patterns", "source"},
    "git": {*FOUNDATION, "fact", "reader"},
    "terraform": {*FOUNDATION},
    "model": {*FOUNDATION, "fact"},
    "config": {*FOUNDATION, "positioned", "schema_check", "fact", "git", "reader"},
    "project": {*FOUNDATION, "reader", "positioned", "config"},
    "parsers": {*FOUNDATION, "process", "reader", "fact", "git", "positioned", "model", "terraform", "project"},
    "engine": {*FOUNDATION, "reader", "fact", "positioned", "schema_check", "model", "config"},
    "checks": {*FOUNDATION, "fact", "model", "engine", "config"},
    "waivers": {*FOUNDATION, "positioned", "terraform", "engine", "config"},
    "decisions": {*FOUNDATION, "reader", "fact", "git", "positioned", "model", "engine", "config"},
    "assess": {*FOUNDATION, "fact", "model", "engine", "config", "waivers", "decisions", "compare"},
    "compare": {*FOUNDATION},
    "render": {
        *FOUNDATION,
        *("process", "fact", "model", "engine", "assess", "waivers", "config", "resources", "compare"),
        "decisions",
    },
    "baseline": {*FOUNDATION, "compare", "assess", "render"},
    "github": {*FOUNDATION, "process"},
    "published": {*FOUNDATION, "reader", "engine", "compare", "assess", "render"},
    "prepare": {"patterns", "ready_patterns", "reader", "engine", "render"},
    "siblings": {
        *FOUNDATION,
        *("fact", "reader", "config", "project", "parsers", "model", "engine", "checks"),
    },
    "rule_cases": {
        *FOUNDATION,
        *("positioned", "schema_check", "reader", "resources", "config", "project", "parsers", "model"),
        *("engine", "checks", "render", "siblings"),
    },
    "workers": {*FOUNDATION, "process", "engine", "pipeline", "rulebooks"},
    "portfolio": {
        *FOUNDATION,
        *("fact", "positioned", "schema_check", "reader", "config", "model", "engine", "checks", "siblings"),
        *("pipeline", "workers"),
    },
    "settings": set(),
    "rulebooks": {*FOUNDATION, "reader", "resources", "config", "engine", "checks"},
    "pipeline": {
        *FOUNDATION,
        *("rulebooks", "settings"),
        *("fact", "reader", "resources", "config", "project", "parsers", "model"),
        *("engine", "checks", "waivers", "decisions", "assess", "siblings"),
    },
}
"""Top-level part of the package to the parts it may import. `cli` may import all; nobody imports `cli`."""


CLI_ONLY = {"print", "input", "exit", "sys.exit", "datetime.now", "date.today", "time.time", "os.getenv"}
"""Calls that belong to the command line alone."""


def part_of(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


@dataclass(frozen=True)
class Said:
    """What the tests ask of a module; its tree is not kept, because it is large and there are hundreds."""

    docstring: str
    imports: list[tuple[str, int]]
    calls: list[tuple[str, int]]


@cache
def said_by(module: Path) -> Said:
    tree = ast.parse(module.read_text())
    said = Said(ast.get_docstring(tree) or "", [], [])
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            said.imports.extend((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: relative import"
            said.imports.extend((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Call):
            said.calls.append((ast.unparse(node.func), node.lineno))
    return said


def imports_of(module: Path) -> list[tuple[str, int]]:
    return said_by(module).imports


def dotted(module: Path) -> str:
    return ".".join(module.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_imports_go_one_way() -> None:
    for module in MODULES:
        part = part_of(module)
        if part in ("cli", "__init__", "__main__"):
            continue
        for name, line in imports_of(module):
            target = name.split(".")[1] if name.startswith("bbws_readiness.") else "__version__"
            known = target in ("__version__", part) or target in MAY_IMPORT[part]
            assert known, f"{module}:{line}: {part} may not import {target}"


def test_module_opens_with_one_sentence() -> None:
    for module in MODULES:
        first = said_by(module).docstring.split("\n\n")[0]
        assert first.endswith((".", ":")), f"{module} needs a docstring that opens with one sentence"


@each(
    ("library", "home"),
    [
        *[("hcl2", "nowhere"), ("lark", "nowhere"), ("click", "cli"), ("tree_sitter", "parsers/workflows/grammar")],
        ("httpx", "github/api"),
        ("distributed", "workers/cluster"),
        *[("pickle", "workers/frames"), ("dask", "nowhere"), ("multiprocessing", "nowhere")],
    ],
)
def test_library_has_one_door(library: str, home: str) -> None:
    for module in MODULES:
        if not str(module.relative_to(PACKAGE)).startswith(home):
            for name, line in imports_of(module):
                assert name.split(".")[0] != library, f"{module}:{line}: only {home} imports {library}"


def test_no_import_cycle() -> None:
    known = {dotted(module): module for module in MODULES}
    graph: dict[str, set[str]] = {}
    for name, module in known.items():
        targets = set()
        for imported, _ in imports_of(module):
            target = imported if imported in known else imported.rpartition(".")[0]
            if target in known and target != name:
                targets.add(target)
        graph[name] = targets
    done: set[str] = set()
    stack: list[str] = []

    def visit(name: str) -> None:
        if name in done:
            return
        assert name not in stack, " -> ".join([*stack[stack.index(name) :], name])
        stack.append(name)
        for target in sorted(graph[name]):
            # A package's own __init__ re-exports its modules; that is a table of contents, not a cycle.
            if not name.startswith(f"{target}."):
                visit(target)
        stack.pop()
        done.add(name)

    for name in sorted(graph):
        visit(name)


def test_only_the_command_line_prints_and_reads_the_clock() -> None:
    for module in MODULES:
        if part_of(module) == "cli":
            continue
        for called, line in said_by(module).calls:
            assert called not in CLI_ONLY, f"{module}:{line}: {called}() outside cli"


def test_no_module_is_a_drawer_for_leftovers() -> None:
    names = {module.stem for module in MODULES}
    assert not names & {"helpers", "utils", "util", "common", "misc"}
