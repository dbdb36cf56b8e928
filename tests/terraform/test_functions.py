"""The table of functions is Terraform's, and those that read files stay inside the project."""

import json
from importlib import import_module
from pathlib import Path

import pytest

from bbws_readiness.reader import Reader
from bbws_readiness.terraform import Evaluation, evaluate_configuration
from bbws_readiness.terraform.functions import FAMILIES, FUNCTIONS
from bbws_readiness.terraform.functions.never import NEVER_EVALUATED

LANGUAGE = Path(__file__).parent.parent / "language"


def test_every_function_of_terraform_is_known() -> None:
    terraform = json.loads((LANGUAGE / "functions.json").read_text())
    assert sorted({*FUNCTIONS, "try", "can"}) == terraform


@pytest.mark.parametrize("table", FAMILIES)
def test_a_family_holds_the_functions_that_are_listed(table: str) -> None:
    module, names = FAMILIES[table]
    family = import_module(f"bbws_readiness.terraform.functions.{module}")
    assert sorted(function.name for function in getattr(family, table)) == sorted(names.split())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "a.txt").write_text("a")
    (tmp_path / "root" / "hello.tftpl").write_text("%{ for x in names ~}\nhello ${x}\n%{ endfor ~}\n")
    (tmp_path / "root" / "inner.tftpl").write_text('${templatefile("hello.tftpl", {})}')
    (tmp_path / "root" / "code.zip").write_bytes(b"PK\x03\x04\xff\xfe\x00")
    (tmp_path / "shared.json").write_text('{"k": [1]}')
    (tmp_path / "root" / "marked.txt").write_bytes(b"\xef\xbb\xbfa")
    (tmp_path / "module" / ".git").mkdir(parents=True)
    (tmp_path / "outside").symlink_to("/etc")
    return tmp_path


def evaluate(project: Path, expression: str) -> Evaluation:
    (project / "root" / "main.tf").write_text(f"locals {{\n  x = {expression}\n}}\n")
    return evaluate_configuration(Reader(project), "root")


ANSWERS = [
    ('file("a.txt")', "a"),
    ('file("./a.txt")', "a"),
    ('file("${path.module}/a.txt")', "a"),
    ('jsondecode(file("../shared.json")).k', [1]),
    ('fileexists("a.txt")', True),
    ('fileexists("b.txt")', False),
    ('filebase64("a.txt")', "YQ=="),
    ('filebase64("marked.txt")', "77u/YQ=="),
    ('try(file("b.txt"), "other")', "other"),
    ('fileset("..", "shared.*")', ["shared.json"]),
    ('fileset("..", "root/*.txt")', ["root/a.txt", "root/marked.txt"]),
    (f'fileset(".", "{"*a" * 300}*b")', []),
    (f'fileset(".", "{"{a,b}" * 20}")', []),
    ('filemd5("a.txt")', "0cc175b9c0f1b6a831c399e269772661"),
    ('filesha1("a.txt")', "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
    ('filesha256("a.txt") == sha256("a")', True),
    ('filesha512("a.txt") == sha512("a")', True),
    ('filebase64sha256("a.txt") == base64sha256("a")', True),
    ('filebase64sha512("a.txt") == base64sha512("a")', True),
    ('templatefile("hello.tftpl", { names = ["x", "y"] })', "hello x\nhello y\n"),
    ('ephemeralasnull("x")', "x"),
]


@pytest.mark.parametrize(("expression", "expected"), ANSWERS, ids=[expression for expression, _ in ANSWERS])
def test_files_are_read(project: Path, expression: str, expected: object) -> None:
    evaluation = evaluate(project, expression)
    assert [str(told) for told in evaluation.diagnostics] == []
    assert evaluation.locals["x"].value.to_python() == expected


REFUSED = [
    ('file("/etc/hostname")', "file: the path leaves the project"),
    ('file("../../x")', "file: the path leaves the project"),
    ('file("~/x")', "file: the path leaves the project"),
    ('file("../outside/hostname")', "file: outside/hostname: a symbolic link is not followed"),
    ('file("none.txt")', "file: root/none.txt: no such file"),
    ('file("terraform.tfstate")', "file: root/terraform.tfstate: this kind of file is never read"),
    ('filesha1("../.git/config")', "this folder is never entered"),
    ('try(file("/etc/hostname"), "x")', "file: the path leaves the project"),
    ('can(file("terraform.tfstate"))', "file: root/terraform.tfstate: this kind of file is never read"),
    ('try(file("../outside/hostname"), "x")', "file: outside/hostname: a symbolic link is not followed"),
    ('fileexists("/etc/hostname")', "fileexists: the path leaves the project"),
    ('fileexists("../outside/hostname")', "fileexists: outside/hostname: a symbolic link is not followed"),
    ('fileexists("../.git/config")', "fileexists: .git/config: this folder is never entered"),
    ('file("../module/a.txt")', "file: module/a.txt: a repository of its own is not entered"),
    ('fileset("/etc", "*")', "fileset: the path leaves the project"),
    ('fileset("../..", "*")', "fileset: the path leaves the project"),
    ('fileset(".", "../../*")', "fileset: the path leaves the project"),
    ('fileset("~", "*")', "fileset: the path leaves the project"),
    ('fileset("..", "out*/*")', "fileset: outside: a symbolic link is not followed"),
    ('fileset("..", "**/*.json")', "a symbolic link is not followed"),
    ('fileset("..", "module/*")', "fileset: module: a repository of its own is not entered"),
    (f'fileset(".", "{"*a" * 501}")', "fileset: pattern longer than 1000 characters"),
    ('templatefile("inner.tftpl", {})', "a template cannot render another template"),
    ('templatefile("hello.tftpl", {})', '"names" is not a value'),
]


@pytest.mark.parametrize(("expression", "expected"), REFUSED, ids=[expression for expression, _ in REFUSED])
def test_files_are_refused(project: Path, expression: str, expected: str) -> None:
    evaluation = evaluate(project, expression)
    value = evaluation.locals["x"].value
    assert not value.known
    assert expected in (evaluation.diagnostics[0].summary if evaluation.diagnostics else value.reason)


@pytest.mark.parametrize("path", ["code.zip", "not_built_yet.zip"])
def test_archives_are_unknown_without_a_fault(project: Path, path: str) -> None:
    evaluation = evaluate(project, f'filebase64sha256("{path}")')
    assert evaluation.diagnostics == ()
    assert path in evaluation.locals["x"].value.reason


@pytest.mark.parametrize("function", NEVER_EVALUATED, ids=lambda function: function.name)
def test_what_is_never_evaluated_says_why(project: Path, function: object) -> None:
    name = function.name  # type: ignore[attr-defined]
    arguments = ", ".join('"YQ=="' for _ in function.parameters)  # type: ignore[attr-defined]
    evaluation = evaluate(project, f"{name}({arguments})")
    assert evaluation.diagnostics == ()
    assert name in evaluation.locals["x"].value.reason


BUDGETS = [
    ("length(range(1024))", "length(range(1025))", "range: more than 1024 values"),
    ('length(format("%1000d", 1))', 'format("%1001d", 1)', "format: width or precision above 1000"),
    ('length(format("%.1000f", 1))', 'format("%.1001f", 1)', "format: width or precision above 1000"),
    ('length(indent(1000, "a"))', 'indent(1001, "a")', "indent: more than 1000 spaces"),
    (
        "length(setproduct(range(100), range(100)))",
        "setproduct(range(100), range(101))",
        "setproduct: collection larger than 10000 elements",
    ),
    (
        'length(split("", join("", [for x in range(1000) : "0123456789"])))',
        'split("", join("", [for x in range(1001) : "0123456789"]))',
        "split: collection larger than 10000 elements",
    ),
    (f'length(regexall("{"a" * 1000}", "a"))', f'regexall("{"a" * 1001}", "a")', "regexall: pattern longer than"),
    (
        "[for a in [1] : [for b in [1] : [for c in [1] : [for d in [1] : [for e in [1] : [for f in [1] : f]]]]]]",
        "[for z in [1] : [for a in [1] : [for b in [1] : [for c in [1] : [for d in [1] : [for e in [1] : "
        "[for f in [1] : f]]]]]]]",
        "loops nested deeper than 6 levels",
    ),
]


@pytest.mark.parametrize(("within", "above", "expected"), BUDGETS, ids=[above[:40] for _, above, _ in BUDGETS])
def test_budgets_hold_exactly(project: Path, within: str, above: str, expected: str) -> None:
    assert evaluate(project, within).diagnostics == ()
    told = evaluate(project, above).diagnostics
    assert [expected in diagnostic.summary for diagnostic in told] == [True]


def test_values_that_double_stop_at_the_budget(project: Path) -> None:
    doubling = "".join(f"  a{index} = [local.a{index - 1}, local.a{index - 1}]\n" for index in range(1, 40))
    (project / "root" / "main.tf").write_text(f'locals {{\n  a0 = ["x"]\n{doubling}}}\n')
    evaluation = evaluate_configuration(Reader(project), "root")
    assert evaluation.diagnostics[0].summary == "value with more than 100000 parts"
    assert not evaluation.locals["a16"].value.known


def test_values_that_pile_up_stop_at_the_budget(project: Path) -> None:
    piling = '[for x in range(1024) : "${x}${join("", [for y in range(100) : sha512("x")])}${range(1024)[0]}"]'
    told = evaluate(project, f"[for z in range(20) : {piling}]").diagnostics
    assert [diagnostic.summary for diagnostic in told] in (
        ["values of more than 67108864 bytes together"],
        ["more than 1000000 evaluation steps"],
    )
