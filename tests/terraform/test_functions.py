"""The table of functions is Terraform's, and those that read files stay inside the project."""

import json
from pathlib import Path

import pytest

from bbws_readiness.source import Reader
from bbws_readiness.terraform import Evaluation, evaluate_configuration
from bbws_readiness.terraform.functions import FUNCTIONS
from bbws_readiness.terraform.functions.never import NEVER_EVALUATED

LANGUAGE = Path(__file__).parent.parent / "language"


def test_every_function_of_terraform_is_known() -> None:
    terraform = json.loads((LANGUAGE / "functions.json").read_text())
    assert sorted({*FUNCTIONS, "try", "can"}) == terraform


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "a.txt").write_text("a")
    (tmp_path / "root" / "hello.tftpl").write_text("%{ for x in names ~}\nhello ${x}\n%{ endfor ~}\n")
    (tmp_path / "root" / "inner.tftpl").write_text('${templatefile("hello.tftpl", {})}')
    (tmp_path / "root" / "code.zip").write_bytes(b"PK\x03\x04\xff\xfe\x00")
    (tmp_path / "shared.json").write_text('{"k": [1]}')
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
