"""Ways to lay out Terraform for several environments: what is found, chosen, applied and answered in each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from bbws_readiness.assess.assessment import Assessment, Verdict
from bbws_readiness.checks import CHECKS
from bbws_readiness.config import Config, load_config
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import Outcome
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.model import Model
from bbws_readiness.parsers.assemble import build_model
from bbws_readiness.pipeline import assess_project
from bbws_readiness.project import discover
from bbws_readiness.render.documents import render_documents
from bbws_readiness.render.machine import to_data
from bbws_readiness.render.terminal import terminal_text
from bbws_readiness.rulebooks import shipped_rulebook
from tests.cases import each
from tests.data import data

FOLDER = Path(__file__).parent / "layouts"
TEXTS: dict[str, str] = data(FOLDER / "texts.yaml")
LAYOUTS: dict[str, dict[str, Any]] = {
    path.stem: data(path) for path in sorted(FOLDER.glob("*.yaml")) if path.stem != "texts"
}
KEYS = {"environments", "root", "why", "at", "others", "var_files", "values", "workspace", "tables", "backend"}
KEYS |= {"outcomes", "diagnostics"}
RULES = {"ENV001", "ENV002", "STA001", "WFL001"}
WORST = (Outcome.FAIL, Outcome.UNDETERMINED, Outcome.PASS, Outcome.NOT_APPLICABLE)


def build(layout: dict[str, Any], root: Path) -> Path:
    """The tree below `root`, with a repository around it so that configuration is looked for no higher."""
    (root / ".git").mkdir(parents=True)
    for name, text in layout["files"].items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXTS[text[1:]] if text.startswith("=") else text)
    for name, target in layout.get("links", {}).items():
        (root / name).symlink_to(target)
    return root


def told(fact: Fact[Any] | None) -> dict[str, str]:
    assert fact is not None
    if isinstance(fact.value, Unknown):
        return {"unknown": fact.value.reason}
    return {"value": fact.value, "at": str(fact.at)}


def worst(code: str, model: Model, config: Config) -> str:
    """The gravest of a rule's answers."""
    rule = next(rule for rule in shipped_rulebook().rules if rule.code == code)
    found = CHECKS[rule.check](Question(rule, model, config, date(2026, 3, 4))).observations
    return next(outcome for outcome in WORST if any(one.outcome is outcome for one in found)).value


def seen(key: str, model: Model, wanted: Any) -> Any:
    """What the model says of one expectation, in the form in which layouts write it."""
    layout = model.layout
    assert layout is not None
    match key:
        case "environments":
            return list(model.environments)
        case "root" | "why":
            return getattr(layout, key)
        case "at":
            return str(layout.at)
        case "others":
            return list(layout.others)
        case "var_files":
            return [file.path for file in layout.var_files]
        case "values":
            variables = model.configuration.variables if model.configuration else ()
            return {
                one.name: {"value": one.value.or_none(), "at": str(one.set_at)}
                for one in variables
                if one.name in wanted
            }
        case "workspace":
            return told(layout.workspace)
        case "tables":
            return list(_tables(model))
        case "backend":
            inits = [command for command in _commands(model) if command.verb == "init"]
            return {name: told(inits[0].backend.get(name)) for name in wanted}
        case "diagnostics":
            return sorted(one.code.value[0] for one in model.diagnostics if one.code.value[0] in wanted)
    raise AssertionError(key)


def _tables(model: Model) -> Iterator[Any]:
    for table in model.terraform_tables or ():
        known = table.full_name.or_none()
        yield known if known is not None else told(table.full_name)


def _commands(model: Model) -> Iterator[Any]:
    for workflow in model.workflows or ():
        for job in workflow.jobs:
            for step in job.steps:
                yield from step.terraform


@each("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_layout(layout: dict[str, Any], tmp_path: Path) -> None:
    root = build(layout, tmp_path / "parcels")
    config = load_config(root)
    model = build_model(discover(root, config), layout["environment"])
    expect = layout["expect"]
    assert set(expect) <= KEYS
    outcomes = expect.get("outcomes", {})
    assert set(outcomes) <= RULES
    wanted = {key: value for key, value in expect.items() if key != "outcomes"}
    assert {key: seen(key, model, value) for key, value in wanted.items()} == wanted
    assert {code: worst(code, model, config) for code in outcomes} == outcomes


def assessment_of(name: str, root: Path, **more: str) -> Assessment:
    layout = LAYOUTS[name]
    build({**layout, "files": {**layout["files"], **more}}, root)
    return assess_project(root, layout["environment"], as_of=datetime(2026, 3, 4, 9, 0), config=load_config(root))


def test_every_output_tells_root_files_and_workspace(tmp_path: Path) -> None:
    hostile = "terraform/a|b`<i>\x1b[31m/main.tf"
    found = assessment_of("two-components-workflow-decides", tmp_path / "parcels", **{hostile: "=root"})
    workflow = ".github/workflows/deploy-sit.yml"
    data = to_data(found)["project"]["roots"]
    assert (data["assessed"], data["why"], data["at"]) == (
        "terraform/tables",
        "the workflow for sit works in it",
        f"{workflow}:8",
    )
    assert data["not_assessed"] == ["terraform/alarms", hostile.removesuffix("/main.tf")]
    assert data["workspace"] == {"value": "default", "at": f"{workflow}:9"}
    terminal = terminal_text(found, lambda text, role: text, verbose=True)
    assert f"Terraform root terraform/tables: the workflow for sit works in it ({workflow}:8)\n" in terminal
    assert f"  terraform/tables/environments/sit.tfvars: the workflow passes it ({workflow}:9)\n" in terminal
    assert f"  workspace: default ({workflow}:9)\n" in terminal
    report = next(document.text for document in render_documents(found) if "### Root and values" in document.text)
    assert "- **Root:** [`terraform/tables`](" in report
    assert "- **Not assessed:** [`terraform/alarms`](" in report
    assert "- **Workspace:** `default` (" in report
    assert "\x1b" not in terminal + report
    assert "](../terraform/a%7Cb%60%3Ci%3E" in report


def test_what_was_not_assessed_is_told_without_asking(tmp_path: Path) -> None:
    found = assessment_of("two-components-nobody-decides", tmp_path / "parcels")
    assert found.verdict is Verdict.UNDETERMINED
    terminal = terminal_text(found, lambda text, role: text)
    assert "Terraform not assessed: terraform/alarms, terraform/tables; to assess one, name it as sources" in terminal
    assert to_data(found)["project"]["roots"]["assessed"] is None


PAGE = (FOLDER.parent.parent / "docs" / "layouts.md").read_text()
DOCUMENTED = [
    pytest.param(match["says"], match["name"], match["tree"], match["told"], id=match["name"])
    for match in re.finditer(
        r"^(?P<says>[^\n]+)\n\n<!-- layout: (?P<name>\S+) -->\n```text\n(?P<tree>.*?)```\n\n(?P<told>.*?)\n\n",
        PAGE + "\n\n",
        re.MULTILINE | re.DOTALL,
    )
]


def result(layout: dict[str, Any]) -> str:
    """What the page says of a layout."""
    expect = layout["expect"]
    root, workspace = expect["root"], expect.get("workspace", {})
    said = [f"`{layout['environment'].lower()}`: " + (f"root `{root}`" if root else "no root")]
    for words, key in (("values of", "var_files"), ("not assessed:", "others")):
        if expect.get(key):
            said.append(f"{words} {', '.join(f'`{path}`' for path in expect[key])}")
    if workspace:
        said.append(f"workspace `{workspace['value']}`" if "value" in workspace else "workspace not known")
    if expect.get("diagnostics"):
        said.append(f"told: {', '.join(expect['diagnostics'])}")
    return "; ".join(said) + "."


@each(("says", "name", "tree", "told"), DOCUMENTED)
def test_a_documented_tree_is_a_case(says: str, name: str, tree: str, told: str) -> None:
    layout = LAYOUTS[name]
    links = (f"{path} -> {target}" for path, target in layout.get("links", {}).items())
    assert tree.splitlines() == sorted([*layout["files"], *links])
    assert says == layout["says"]
    assert " ".join(told.split()) == result(layout)


def test_the_page_documents_layouts() -> None:
    assert len(DOCUMENTED) == PAGE.count("<!-- layout:") >= 25
