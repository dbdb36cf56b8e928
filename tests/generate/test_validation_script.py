"""The generated script as text: what Terraform declares reads back from it, and no name of a project becomes code."""

import ast
import py_compile
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bbws_readiness.engine.finding import Outcome
from bbws_readiness.errors import NothingToAssess, ReadinessError
from bbws_readiness.fact import Fact
from bbws_readiness.model.tables import Index, Key, Table
from bbws_readiness.parsers.scripts import parse_script
from bbws_readiness.pipeline import assess_project
from bbws_readiness.reader import Reader
from bbws_readiness.render.generate.problem import NotDeterminable
from bbws_readiness.render.generate.validation_script import validation_script
from bbws_readiness.source import Source
from tests.cases import each
from tests.data import data
from tests.example import AS_OF, EXAMPLE, ROOT
from tests.generate.projects import RICH, copy, read

HERE = Path(__file__).parent
UNKNOWNS = data(HERE / "cases" / "unknowns.yaml")
REFUSALS = data(HERE / "cases" / "refusals.yaml")
MAIN = "terraform/dynamodb/main.tf"

HOSTILE = (
    '"""\nimport os\nos.system("id")\n"""',
    "'; __import__('os').system('id') #",
    "\\",
    "\\u0022",
    '"',
    "'\"",
    "}] + [print(1)] + [{",
    "\n::error::x",
    "##[error]x",
    "\u2028\u202e\x1b[31m",
    "{{ 7 * 7 }}{% raw %}",
    "é 😀",
)


def generated(project: Path, **arguments: object) -> str:
    return validation_script(*read(project, **arguments)).text  # type: ignore[arg-type]


def parsed(text: str, tmp_path: Path) -> tuple[Table, ...]:
    (tmp_path / "validate_sit.py").write_text(text)
    source = Reader(tmp_path).read("validate_sit.py")
    assert isinstance(source, Source)
    script, diagnostics = parse_script(source, environments=["dev", "sit", "prod"])
    assert script is not None
    assert diagnostics == ()
    assert script.not_constant == ()
    assert not script.takes_environment
    return script.tables


def plain(fact: Fact[object] | None) -> object:
    """The value; everything that is not known alike."""
    return None if fact is None else fact.or_none()


def key(one: Key | None) -> object:
    return (plain(one.name), plain(one.type)) if one else None


def index(one: Index) -> object:
    return plain(one.name), key(one.partition_key), key(one.sort_key), plain(one.projection)


def statements(table: Table) -> dict[str, object]:
    """What a description says of a table, without places."""
    return {
        "name": plain(table.full_name),
        "keys": (key(table.partition_key), key(table.sort_key)),
        "indexes": sorted(index(one) for one in table.indexes or ()),
        "billing": plain(table.billing_mode),
        "recovery": (plain(table.recovery), plain(table.recovery_days)),
        "streams": table.streams and (plain(table.streams.enabled), plain(table.streams.view_type)),
        "tags": {name: plain(value) for name, value in (table.tags or {}).items()},
    }


@pytest.mark.parametrize("project", [EXAMPLE, RICH], ids=["example", "rich"])
def test_reads_back_as_what_terraform_declares(project: Path, tmp_path: Path) -> None:
    model, config = read(project)
    declared = [table for table in model.terraform_tables or () if table.address != "aws_dynamodb_table.replica"]
    expected = parsed(validation_script(model, config).text, tmp_path)
    assert [statements(table) for table in expected] == [statements(table) for table in declared]


@pytest.mark.parametrize(
    "reading", ["readings/no_authority.yaml", "readiness.yaml", "readings/terraform_is_authority.yaml"]
)
def test_closes_the_finding_and_opens_none(reading: str, tmp_path: Path) -> None:
    project = copy(EXAMPLE, tmp_path)
    model, config = read(project, config=project / reading)

    def failures() -> set[tuple[str, str]]:
        found = assess_project(project, "sit", as_of=AS_OF, config=config).findings
        kept = (Outcome.FAIL, Outcome.UNDETERMINED)
        return {(one.rule.code, one.subject) for one in found if one.outcome in kept and not one.settled_by}

    before = failures()
    (project / "scripts" / "validate_dynamodb_sit.py").write_text(validation_script(model, config).text)
    readme = project / "README.md"
    listed = "│   └── validate_dynamodb_dev.py"
    assert listed in readme.read_text()
    readme.write_text(readme.read_text().replace(listed, f"{listed}\n│   └── validate_dynamodb_sit.py"))
    assert before - failures() == {("VAL001", "sit")}
    assert failures() <= before


def test_is_the_same_every_time() -> None:
    command = [sys.executable, "-m", "bbws_readiness", "generate", "validation-script", "sit", str(RICH)]
    made = subprocess.run(command, cwd=ROOT, env={"PYTHONHASHSEED": "1"}, capture_output=True, check=True).stdout
    assert made == generated(RICH).encode()


@pytest.mark.parametrize("project", [EXAMPLE, RICH], ids=["example", "rich"])
def test_is_good_python(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "validate.py"
    file.write_text(generated(project))
    py_compile.compile(str(file), doraise=True)
    ruff = [sys.executable, "-m", "ruff"]
    rules = ["--line-length=120", "--select=E,F,W,I,B,UP,SIM,C4,RET,PTH,RUF,S"]
    checked = subprocess.run([*ruff, "check", "--isolated", *rules, file], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    formatted = subprocess.run(
        [*ruff, "format", "--isolated", "--check", "--line-length=120", file], capture_output=True
    )
    assert formatted.returncode == 0


def test_can_only_ask() -> None:
    """Every method of a client that the code names begins with Describe, List or Get, in the words of boto3."""
    import boto3

    known = {name for service in ("sts", "dynamodb", "kms") for name in dir(boto3.client(service, region_name="x"))}
    known -= {name for name in known if name.startswith("_")} | {"exceptions", "meta", "get_paginator"}
    tree = ast.parse(generated(EXAMPLE))
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    paged = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".get_paginator")
        if isinstance(node.args[0], ast.Constant)
    }
    asked = (named | paged) & known
    assert asked and all(name.startswith(("describe_", "list_", "get_")) for name in asked)
    assert not {"getattr", "eval", "exec", "open", "__import__"} & {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name)
    }


@each("word", HOSTILE)
def test_names_never_become_code(word: str, tmp_path: Path) -> None:
    quoted = '"' + "".join(f"\\U{ord(one):08x}" for one in word) + '"'
    edits = {MAIN: ('"campaignId"', quoted)}
    project = copy(EXAMPLE, tmp_path, edits)
    main = project / MAIN
    text = (
        main.read_text()
        .replace('"CampaignActiveIndex"', quoted)
        .replace('Name = "campaigns"', f"({quoted}) = {quoted}")
    )
    main.write_text(text.replace('= "campaigns"', f"= {quoted}"))
    made = generated(project)
    harmless, hostile = ast.parse(generated(EXAMPLE)), ast.parse(made)
    bound = [node for node in hostile.body if isinstance(node, ast.Assign)]
    values = {ast.unparse(node.targets[0]): node.value for node in bound}
    strings = [node.value for node in ast.walk(values["EXPECTED_TABLES"]) if isinstance(node, ast.Constant)]
    assert strings.count(word) >= 4
    assert shape(hostile) == shape(harmless)
    assert not [line for line in made.splitlines() if line.lstrip().startswith("::") or "##[" in line]
    assert made.isascii() or word == "é 😀"


def shape(tree: ast.Module) -> list[str]:
    """The code without its constants."""
    return [ast.dump(node) for node in tree.body if not isinstance(node, ast.Assign)]


@each("case", UNKNOWNS, ids=lambda case: case["id"])
def test_leaves_out_what_is_not_known_and_says_so(case: dict[str, object], tmp_path: Path) -> None:
    project = copy(EXAMPLE, tmp_path, {MAIN: (case["old"], case["new"])})  # type: ignore[dict-item]
    made = validation_script(*read(project))
    assert [str(one) for one in made.omissions] == case["omissions"]
    tree = ast.parse(made.text)
    told = next(
        node.value for node in tree.body if isinstance(node, ast.Assign) and "NOT_" in ast.unparse(node.targets)
    )
    assert len(ast.literal_eval(told)) == len(case["omissions"])  # type: ignore[arg-type]
    assert str(case["holds"]) in made.text
    assert str(case.get("lacks", "\0")) not in made.text


@each("case", REFUSALS, ids=lambda case: case["id"])
def test_refuses_what_would_prove_nothing(case: dict[str, str], tmp_path: Path) -> None:
    base = RICH if case.get("project") == "rich" else EXAMPLE
    project = copy(base, tmp_path, {case["file"]: (case["old"], case["new"])})
    with pytest.raises(ReadinessError) as refused:
        validation_script(*read(project))
    assert isinstance(refused.value, NotDeterminable if case["exit"] == 4 else NothingToAssess)
    assert refused.value.exit_code == case["exit"]
    assert str(refused.value) == case["says"]


def test_the_configuration_can_state_account_and_region(tmp_path: Path) -> None:
    project = copy(RICH, tmp_path, {"terraform/main.tf": ('allowed_account_ids = ["210987654321"]', "")})
    (project / "readiness.yaml").write_text('environments: {sit: {account: "111122223333", region: eu-west-3}}\n')
    assert 'ACCOUNT_ID = "111122223333"\nREGION = "eu-central-1"\n' in generated(project)


def test_the_page_shows_lines_that_the_script_really_prints() -> None:
    page = (ROOT / "docs" / "generate.md").read_text()
    shown = re.findall(r"^FAIL (.+)$", page, re.MULTILINE)
    changes = data(HERE / "cases" / "changes.yaml")
    assert shown and set(shown) <= {line for case in changes for line in case["says"]}
