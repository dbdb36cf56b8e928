"""`readiness generate`: where the files go, what is never replaced, and what is told beside them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bbws_readiness.cli.main import readiness
from bbws_readiness.errors import CannotWrite, UsageError
from tests.cli.test_assess import assert_one_complaint, run
from tests.example import EXAMPLE
from tests.generate.projects import RICH, copy

KINDS = ("validation-script", "backup")


def generate(*arguments: object) -> Result:
    return CliRunner().invoke(readiness, ["generate", *(str(one) for one in arguments)])


@pytest.mark.parametrize("kind", KINDS)
def test_prints_or_writes_the_same(kind: str, tmp_path: Path) -> None:
    printed = generate(kind, "sit", EXAMPLE)
    assert (printed.exit_code, printed.stderr) == (0, "")
    assert generate(kind, "sit", EXAMPLE, "-o", "-").stdout == printed.stdout
    file = tmp_path / "made"
    written = generate(kind, "sit", EXAMPLE, "-o", file)
    assert (written.exit_code, written.stdout) == (0, "")
    assert written.stderr == f"readiness: wrote {file}\n"
    assert file.read_text() == printed.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_replaces_nothing_unless_forced(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "made"
    file.write_text("ours")
    refused = generate(kind, "sit", EXAMPLE, "-o", file)
    assert isinstance(refused.exception, CannotWrite)
    assert str(refused.exception) == (
        "made: the file exists and was not replaced; name another, or replace it with --force"
    )
    assert file.read_text() == "ours"
    assert generate(kind, "sit", EXAMPLE, "-o", file, "--force").exit_code == 0
    assert file.read_text() != "ours"


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_follows_no_link(force: list[str], tmp_path: Path) -> None:
    project = copy(EXAMPLE, tmp_path)
    (tmp_path / "outside").write_text("ours")
    (project / "link").symlink_to(tmp_path / "outside")
    refused = generate("backup", "sit", project, "-o", project / "link", *force)
    assert isinstance(refused.exception, CannotWrite)
    assert (tmp_path / "outside").read_text() == "ours"


def test_tells_what_is_left_out() -> None:
    told = generate("validation-script", "sit", RICH).stderr.splitlines()
    assert told == [
        "readiness: left out: aws_dynamodb_table.replica: made by the provider aws.elsewhere, perhaps elsewhere "
        "(terraform/main.tf:123)",
        "readiness: left out: ledger-sit: tag KeyId: aws_kms_key.ledger.key_id is computed by the provider when "
        "applied (terraform/main.tf:94)",
    ]


def test_tells_what_is_declared_already(tmp_path: Path) -> None:
    project = copy(EXAMPLE, tmp_path)
    file = project / "terraform" / "dynamodb" / "backup.tf"
    assert generate("backup", "sit", project, "-o", file).exit_code == 0
    told = generate("backup", "sit", project).stderr
    assert "aws_backup_vault.tables is declared already; let the generated file take its place" in told
    again = generate("backup", "sit", project, "-o", file, "--force")
    assert again.stderr == f"readiness: wrote {file}\n"


def test_takes_settings() -> None:
    made = generate("validation-script", "sit", EXAMPLE, "--var", "project=elsewhere").stdout
    assert '"Project": "elsewhere",' in made


def test_unknown_environment() -> None:
    assert isinstance(generate("backup", "nowhere", EXAMPLE).exception, UsageError)


def test_a_refusal_is_one_line_and_an_exit_code(tmp_path: Path) -> None:
    project = copy(RICH, tmp_path, {"terraform/main.tf": ('allowed_account_ids = ["210987654321"]', "")})
    file = tmp_path / "made.py"
    refused = run("generate", "validation-script", "sit", str(project), "-o", str(file))
    assert_one_complaint(refused, 4, "E607: terraform: the account of sit is not known")
    assert not file.exists()
