"""`--base`: the policy is that of the base, and what the checkout changes in it is shown and never applied."""

import json
from pathlib import Path

import jsonschema
import pytest

from bbws_readiness.config.base import load_config_of_base
from bbws_readiness.errors import ConfigurationError
from bbws_readiness.git.revision import BaseUnavailable
from bbws_readiness.source import Location
from tests.checkouts import arm, commit, git, needs_git, write
from tests.cli.test_assess import assert_one_complaint, run

pytestmark = needs_git

BASE = "title: Base\nauthority:\n  tables: [plan]\nenvironments:\n  sit: {region: eu-west-1}\n  prod: {}\n"
TERRAFORM = {"main.tf": "terraform {}\n", "environments/sit.tfvars": ""}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """`main` holds the policy; the change lies on the branch that is checked out, in a folder of the repository."""
    root = tmp_path / "repository"
    files = {f"parcels/{name}": text for name, text in TERRAFORM.items()}
    commit(root, {**files, "parcels/readiness.yaml": BASE})
    git(root, "checkout", "--quiet", "-b", "change")
    return root


def told(project: Path, base: str = "main") -> list[str]:
    policy = load_config_of_base(project, base).policy
    assert policy is not None
    return [f"{one.at}: {one.key} {one.change}" for one in policy.changes]


@pytest.mark.parametrize(
    ("head", "changes"),
    [
        (BASE, []),
        (f"# a remark\n\n{BASE}", []),
        (BASE.replace("Base", '"Base"'), []),
        (BASE.replace("Base", "Head"), ["readiness.yaml:1: title changed"]),
        (BASE.replace("[plan]", "[terraform, plan]"), ["readiness.yaml:3: authority.tables changed"]),
        (BASE.replace("{region: eu-west-1}", "{}"), ["readiness.yaml:5: environments.sit.region removed"]),
        (BASE + "owners: {TBL001: [DBA]}\n", ["readiness.yaml:7: owners added"]),
        (BASE + "plugins: [evil]\n", ["readiness.yaml:7: plugins added"]),
        (
            "title: Base\nauthority:\n  tables: [plan]\nenvironments:\n  prod: {}\n  sit: {region: eu-west-1}\n",
            ["readiness.yaml:4: environments changed"],
        ),
        ("", ["readiness.yaml:1: authority removed", "readiness.yaml:1: environments removed"]),
        ("title: [\n", ["unreadable"]),
    ],
)
def test_changed_keys(checkout: Path, head: str, changes: list[str]) -> None:
    project = checkout / "parcels"
    write(project, {"readiness.yaml": head})
    config = load_config_of_base(project, "main")
    assert (config.title, config.at("title")) == ("Base", Location("readiness.yaml", 1))
    found = told(project)
    assert len(found) >= len(changes)
    assert bool(found) is bool(changes)
    for change in changes:
        assert any(change in one for one in found), found


def test_a_policy_that_only_the_checkout_has(tmp_path: Path) -> None:
    commit(tmp_path / "x", TERRAFORM)
    write(
        tmp_path / "x", {"readiness.yaml": "title: Head\n", "readiness-decisions.yaml": "[]\n", "readiness/a.yaml": ""}
    )
    assert load_config_of_base(tmp_path / "x", "main").title == ""
    assert told(tmp_path / "x") == [
        "readiness.yaml:1: title added",
        "readiness-decisions.yaml:  added",
        "readiness/a.yaml:  added",
    ]


def test_a_policy_that_the_checkout_removes(checkout: Path) -> None:
    (checkout / "parcels" / "readiness.yaml").unlink()
    assert load_config_of_base(checkout / "parcels", "main").title == "Base"
    assert "readiness.yaml: title removed" in told(checkout / "parcels")


def test_a_nearer_file_in_the_checkout_does_not_win(checkout: Path) -> None:
    write(checkout / "parcels", {".readiness.yaml": "title: Head\n"})
    config = load_config_of_base(checkout / "parcels", "main")
    assert config.title == "Base"
    assert config.policy is not None
    assert [one.change for one in config.policy.changes] == ["unreadable"]


def test_what_the_base_extends_is_read_from_the_base(tmp_path: Path) -> None:
    root = tmp_path / "x"
    commit(root, {**TERRAFORM, "readiness.yaml": "extends: shared/base.yaml\n", "shared/base.yaml": "title: Base\n"})
    write(root, {"shared/base.yaml": "title: Head\n"})
    config = load_config_of_base(root, "main")
    assert config.title == "Base"
    assert config.policy is not None
    assert config.policy.files == ("readiness.yaml", "shared/base.yaml")
    assert told(root) == ["shared/base.yaml:1: title changed"]


def test_the_tip_of_the_base_counts_and_not_where_the_branch_left_it(checkout: Path) -> None:
    git(checkout, "checkout", "--quiet", "main")
    commit(checkout, {"parcels/readiness.yaml": BASE.replace("Base", "Stricter")})
    git(checkout, "checkout", "--quiet", "change")
    assert load_config_of_base(checkout / "parcels", "main").title == "Stricter"


def test_a_link_on_the_base_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "x"
    commit(root, {**TERRAFORM, "real.yaml": "title: Real\n"})
    (root / "readiness.yaml").symlink_to("real.yaml")
    commit(root, {})
    with pytest.raises(ConfigurationError, match="symbolic link"):
        load_config_of_base(root, "main")


def test_outside_of_a_checkout_and_in_a_linked_worktree(tmp_path: Path, checkout: Path) -> None:
    write(tmp_path / "plain", TERRAFORM)
    git(checkout, "worktree", "add", "--quiet", str(tmp_path / "tree"), "main")
    for project, words in ((tmp_path / "plain", "no git checkout"), (tmp_path / "tree", "linked worktree")):
        with pytest.raises(BaseUnavailable, match=words):
            load_config_of_base(project, "main")


def test_every_output_shows_the_change(checkout: Path) -> None:
    project = checkout / "parcels"
    head = commit(checkout, {"parcels/readiness.yaml": BASE.replace("[plan]", "[terraform]")})
    base = git(checkout, "rev-parse", "main")
    arm(checkout, checkout.parent / "ran")
    result = run("assess", "sit", project, "--base", "main", "--fail-on", "never")
    assert result.stderr.startswith("readiness: exit 4: 1 needed fact could not be determined (readiness.yaml:2)")
    assert "touches readiness policy: 1 key" in result.stdout.splitlines()[0].lower()
    assert "readiness.yaml:3  authority.tables changed" in result.stdout
    assert f"Policy of main ({base[:12]})" in result.stdout
    documents = sorted((project / "deployments").iterdir())
    for document in documents:
        text = document.read_text()
        if document.suffix == ".md":
            assert "this change touches readiness policy: 1 key** (`authority.tables`)" in text.partition("\n## ")[0]
    data = json.loads(next(path for path in documents if path.suffix == ".json").read_text())
    assert data["policy"] == {
        "ref": "main",
        "commit": base,
        "files": ["readiness.yaml"],
        "changes": [
            {"key": "authority.tables", "change": "changed", "file": "readiness.yaml", "at": "readiness.yaml:3"}
        ],
    }
    assert base != head
    schema = json.loads(run("schema", "assessment").stdout)
    jsonschema.validate(data, schema)
    assert not (checkout.parent / "ran").exists()


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [("--output=x", 2, "is no name of a revision"), ("gone", 4, "base revision not available; fetch it")],
)
def test_what_cannot_be_a_base(checkout: Path, name: str, code: int, words: str) -> None:
    assert_one_complaint(run("assess", "sit", checkout / "parcels", f"--base={name}"), code, words)
    assert not (checkout / "parcels" / "deployments").exists()
