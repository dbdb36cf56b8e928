"""One encoder per sink: nothing outside `render/encode` escapes, and nothing reaches a reader around it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.cases import each

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "bbws_readiness"
ENCODERS = PACKAGE / "render" / "encode"
TEMPLATES = sorted((ROOT / "templates").rglob("*.j2"))
SINKS = [path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE).parts[0] in ("render", "cli")]
OUTSIDE = [path for path in SINKS if ENCODERS not in path.parents]

ESCAPING = {"html.escape", "html.unescape", "quote", "quote_plus", "json.dumps", "json.dump", "escape", "Markup"}
PRINTING = {"print", "click.echo", "click.secho", "sys.stdout.write", "sys.stderr.write", "sys.stdout.buffer.write"}

ALLOWED = {
    ("cli/output.py", "click.echo"): "the one place where lines leave",
    ("cli/version.py", "sys.stdout.write"): "the version, before there is an encoder: it loads nothing",
    ("cli/watching.py", "sys.stderr.write"): "a line that is written over; it holds figures and no words of a project",
}

OUR_WORDS = {
    # Titles and labels of our own tables.
    *((path, "kind.title") for path in ("render/frame.py", "render/views/blocks.py")),
    ("render/views/action_items/__init__.py", "title"),
    ("render/views/blocks.py", "label"),
    *(
        ("render/views/index.py", "heading"),
        ("render/views/report/contents.py", "noun"),
    ),
    *(("render/views/report/deployment.py", "need"), ("render/views/workflow.py", "LABELS.get(name, name)")),
    ("render/views/brief.py", "AREAS.get(rule.area, rule.area)"),
    ("render/views/statuses.py", "AREAS.get(area.area, area.area)"),
    # Members of our enums and codes of our rules.
    *(("render/views/nouns.py", "str(kind)"), ("render/views/nouns.py", "str(one)")),
    *(("render/views/disagreements.py", "str(kind)"), ("render/views/action_items/state.py", "str(side.source)")),
    ("render/frame.py", "wording.sources(vote.sources)"),
    ("render/views/action_items/action.py", "action.priority.upper()"),
    ("render/views/disagreements.py", "', '.join((rule.code for rule in decision.rules))"),
    ("render/views/report/files.py", "fault.code.code"),
    # A code and a slug are letters, digits and hyphens, those of a project's rules too.
    *(("render/rule_pages.py", word) for word in ("rule.code", "rule.slug", "heading", "how")),
    # Figures and days.
    ("render/views/action_items/__init__.py", "f\"{counted(number, 'decision')} open\" if number else 'none is open'"),
    ("render/views/action_items/plan.py", "' → '.join((str(action.number) for action in actions))"),
    (
        "render/views/action_items/plan.py",
        "' → '.join((str(assessment.action(key).number) for key in schedule.all_chain))",
    ),
    ("render/views/action_items/state.py", "counted(more, 'more subject')"),
    ("render/views/action_items/state.py", "places"),
    ("render/views/report/contents.py", "more"),
    ("render/views/report/files.py", "more"),
    ("render/views/report/outlook.py", "f'**{number(total.value)}**'"),
    ("render/views/report/outlook.py", "figures.score_line(frame.assessment)"),
    ("render/views/report/outlook.py", "f'-{number(line.points)}'"),
    ("render/views/report/outlook.py", "f'+{number(below)}'"),
    ("render/views/report/outlook.py", "rest"),
    ("render/views/report/resources.py", "counted(len(table.tags or {}), 'effective key')"),
    ("render/views/timeline.py", "f'Immediate ({wording.day(first)})'"),
    ("render/views/timeline.py", "f'Short-term (until {wording.day(last)})'"),
}
"""Markdown made of what is neither literal nor a constant, though it holds no word of a project."""


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def shown(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@each("path", OUTSIDE, ids=shown)
def test_nothing_else_escapes_or_prints(path: Path) -> None:
    found = {(shown(path), name) for name, _ in calls(path) if name in ESCAPING | PRINTING}
    assert found <= set(ALLOWED)


def test_every_exception_is_still_needed() -> None:
    assert {(shown(path), name) for path in OUTSIDE for name, _ in calls(path)} >= set(ALLOWED)


@each("path", SINKS, ids=shown)
def test_every_environment_of_templates_encodes(path: Path) -> None:
    for name, call in calls(path):
        if name in ("Environment", "jinja2.Environment"):
            assert "finalize" in {keyword.arg for keyword in call.keywords}, f"{path}:{call.lineno}"
        assert name not in ("Template", "jinja2.Template", "from_string"), f"{path}:{call.lineno}"


@each("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_print_nothing_unencoded(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\|\s*(safe|forceescape|urlize)\b|autoescape|<!--|\]\(|<[a-z/]", text)


def is_ours(node: ast.expr) -> bool:
    """A literal, a constant of a module, a choice between such, or a member of a table of them."""
    match node:
        case ast.Constant():
            return True
        case ast.Call(func=ast.Name(id="Markdown"), args=[inner]):
            return is_ours(inner)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.isupper()
        case ast.Subscript(value=value):
            return is_ours(value)
        case ast.IfExp(body=body, orelse=otherwise):
            return is_ours(body) and is_ours(otherwise)
        case ast.JoinedStr(values=values):
            return all(is_ours(part.value if isinstance(part, ast.FormattedValue) else part) for part in values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return is_ours(left) and is_ours(right)
    return False


@each("path", OUTSIDE, ids=shown)
def test_markdown_is_made_of_our_own_words(path: Path) -> None:
    made = [call for name, call in calls(path) if name == "Markdown"]
    assert all(len(call.args) == 1 and not call.keywords for call in made)
    foreign = {(shown(path), ast.unparse(call.args[0])) for call in made if not is_ours(call.args[0])}
    assert foreign == {entry for entry in OUR_WORDS if entry[0] == shown(path)}


@each("path", [path for path in OUTSIDE if shown(path).startswith("render/")], ids=shown)
def test_sentences_are_written_out(path: Path) -> None:
    """The first argument of `say` and the separator of `joined` are printed as they stand."""
    for name, call in calls(path):
        if name == "say":
            assert is_ours(call.args[0]), f"{path}:{call.lineno}"
        if name == "joined" and len(call.args) > 1:
            assert is_ours(call.args[1]), f"{path}:{call.lineno}"
        if name == "fenced":
            assert is_ours(call.args[0]) or ast.unparse(call.args[0]) == "language", f"{path}:{call.lineno}"
