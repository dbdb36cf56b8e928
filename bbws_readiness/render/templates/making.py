"""Makes Python code of templates, with Jinja's own compiler, for `bbws_readiness.render.templates.runtime` to run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, NoReturn

from bbws_readiness.render.templates import runtime
from bbws_readiness.render.templates.keys import digest_of, makers_digest, sealed
from bbws_readiness.render.templates.purposes import Purpose

if TYPE_CHECKING:
    from jinja2 import Environment

MODULE = '''"""Made of templates by hatch_build.py: not to be edited."""
from bbws_readiness.render.templates.runtime import {names}

MAKERS = "{makers}"
{functions}

TEMPLATES = {{
{table}}}
'''

OFFERED = {
    "environment": {*runtime.Environment.__struct_fields__, "get_template", "getattr", "getitem"} - {"roots"},
    "context": {"resolve_or_missing", "get_all"},
    "template": {"root_render_func", "new_context"},
}
"""What the code may use of the objects that it is given."""
LOOP = {*runtime.Loop.__struct_fields__, "index", "first", "last"}
NAMES = ("LoopContext", "TemplateRuntimeError", "Undefined", "internalcode", "missing", "str_join")
"""What the code may import."""


def module_of(purpose: Purpose, folder: Path) -> str:
    """The module of all templates of a purpose in `folder` for which code can be made; the same files, the same text.

    A template whose code would need more of Jinja than our runtime has is left to Jinja itself, and so is each that
    includes one. Raises Jinja's own errors for a template that it cannot read.
    """
    environment = _environment(purpose)
    names = sorted({path.relative_to(folder).as_posix() for glob in purpose.patterns for path in folder.glob(glob)})
    made = {name: one for name in names if (one := _made(environment, purpose, folder, name))}
    while lost := [name for name, one in made.items() if not made.keys() >= set(one[1])]:
        made = {name: one for name, one in made.items() if name not in lost}
    return module_text(made, makers=makers_digest())


def module_text(made: Mapping[str, tuple[str, tuple[str, ...], str]], *, makers: str) -> str:
    """A module with the table `TEMPLATES`: per name a digest, what it includes, and a function that runs the code.

    The function takes the environment; the code must end by returning. `makers` is told as `MAKERS`.
    """
    functions, table = "", ""
    for number, (name, (digest, includes, code)) in enumerate(made.items()):
        functions += f"\n\ndef _{number}(environment):\n{indent(code, '    ')}\n"
        table += f"    {name!r}: ({digest!r}, {includes!r}, _{number}),\n"
    return sealed(MODULE.format(names=", ".join(NAMES), makers=makers, functions=functions, table=table), makers=makers)


def _environment(purpose: Purpose) -> Environment:
    """Jinja as it is set up at run time, but that nothing is worked out beforehand."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=False,  # noqa: S701 - as at run time
        **purpose.options,
        undefined=StrictUndefined,
        finalize=at_run_time,
        optimized=False,
    )
    environment.filters.update(dict.fromkeys(purpose.filters, at_run_time))
    return environment


def at_run_time(_: object) -> NoReturn:
    """Keeps Jinja from printing a value while it compiles."""
    from jinja2.nodes import Impossible

    raise Impossible


def _made(
    environment: Environment, purpose: Purpose, folder: Path, name: str
) -> tuple[str, tuple[str, ...], str] | None:
    data = (folder / name).read_bytes()
    whole = environment.compile(data.decode(), name=name, filename=name, raw=True)
    tree = ast.parse(whole)
    if _hands_a_loop_on(tree) or any(
        _needs_more(node, {*purpose.filters, *runtime.FILTERS}) for node in ast.walk(tree)
    ):
        return None
    code = whole[whole.index("def root(") : whole.rindex("\n\nblocks = {}\n")]
    return digest_of(purpose, data), tuple(dict.fromkeys(_included(tree))), f"{code}\nreturn root"


def _needs_more(node: ast.AST, filters: set[str]) -> bool:
    """Whether our runtime lacks what this piece of code needs."""
    from jinja2.defaults import DEFAULT_NAMESPACE
    from jinja2.runtime import exported

    match node:
        case ast.Assign(targets=[ast.Name("blocks")], value=ast.Dict(keys=keys)):
            return bool(keys)
        case ast.Name(name, ast.Load()):
            return name in exported and name not in NAMES
        case ast.Attribute(ast.Name(name), attribute) if name in OFFERED:
            return attribute not in OFFERED[name]
        case ast.Call(ast.Name("cond_expr_undefined")):
            return True
        case ast.Call(ast.Name("resolve"), [ast.Constant(name)]):
            return name == "loop" or name in DEFAULT_NAMESPACE
        case ast.Call(ast.Attribute(ast.Name("environment"), "getattr"), [ast.Name(name), ast.Constant(attribute)]):
            return name.endswith("_loop") and attribute not in LOOP
        case ast.Call(ast.Attribute(ast.Name("environment"), "get_template"), [name, *_]):
            return not isinstance(name, ast.Constant)
        case ast.Subscript(ast.Attribute(ast.Name("environment"), "filters" | "tests" as kind), ast.Constant(name)):
            return name not in (filters if kind == "filters" else runtime.TESTS)
    return False


def _hands_a_loop_on(tree: ast.AST) -> bool:
    """Whether the state of a loop is used as more than something that has attributes."""
    harmless: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Attribute(ast.Name("environment"), "getattr"), [value, _]):
                harmless.add(id(value))
            case ast.Dict(values=values):
                harmless.update(map(id, values))
    loads = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    return any(node.id.endswith("_loop") and id(node) not in harmless for node in loads)


def _included(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Attribute(ast.Name("environment"), "get_template"), [ast.Constant(str(name)), *_]):
                yield name
