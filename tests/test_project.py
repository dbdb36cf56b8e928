"""Which files of a project are which."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from bbws_readiness.config import Config, Sources, load_config
from bbws_readiness.errors import ConfigurationError, NothingToAssess, UnknownEnvironment, UsageError
from bbws_readiness.parsers.assemble import build_model
from bbws_readiness.project import Project, discover
from bbws_readiness.project.patterns import matches
from bbws_readiness.source import Location, Source, SourceKind
from tests.cases import each

EXAMPLE = Path(__file__).parent.parent / "examples" / "dynamodb_schemas"


def build(root: Path, *files: str) -> Path:
    """A folder with empty files of these paths."""
    return write(root, dict.fromkeys(files, ""))


def write(root: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def roots_of(project: Project) -> list[str]:
    return [root.directory for root in project.terraform_roots]


def test_the_example() -> None:
    project = discover(EXAMPLE, load_config(EXAMPLE))
    assert (project.slug, project.title, project.component("sit")) == (
        "dynamodb_schemas",
        "DynamoDB Schemas",
        "DYNAMODB",
    )
    root = project.terraform_root("sit")
    assert root is not None
    assert root.directory == "terraform/dynamodb"
    assert root.var_files("sit") == ("terraform/dynamodb/environments/sit.tfvars",)
    assert root.lock_file == "terraform/dynamodb/.terraform.lock.hcl"
    assert project.schemas == tuple(f"schemas/{name}.schema.json" for name in ("campaigns", "products", "tenants"))
    assert project.workflows == tuple(f".github/workflows/deploy-{name}.yml" for name in ("dev", "prod", "sit"))
    assert project.scripts == ("scripts/validate_dynamodb_dev.py",)
    assert project.readme == "README.md"
    assert project.plan is not None
    assert project.plan.shown.endswith("04_dynamodb_schemas_promotion.md")
    assert project.environments == ("dev", "sit", "prod", "dr")
    assert project.require_environment(" SIT ") == "sit"
    assert project.diagnostics == ()
    assert dict(project.unread) == {}


@each(
    ("folder", "organisation", "slug", "title"),
    [
        ("2_1_bbws_dynamodb_schemas", "bbws", "dynamodb_schemas", "Dynamodb Schemas"),
        ("2_1_bbws_dynamodb_schemas", "", "bbws_dynamodb_schemas", "Bbws Dynamodb Schemas"),
        ("3_acme-parcels", "acme", "parcels", "Parcels"),
        ("acme", "acme", "acme", "Acme"),
        ("2024", "", "2024", "2024"),
        ("Parcels (copy)", "", "parcels_copy", "Parcels Copy"),
    ],
)
def test_slug_and_title_from_the_folder(tmp_path: Path, folder: str, organisation: str, slug: str, title: str) -> None:
    build(tmp_path / folder, "main.tf")
    project = discover(tmp_path / folder, Config(organisation=organisation))
    assert (project.slug, project.title) == (slug, title)
    assert project.component("sit") == slug.upper()


def test_configuration_names_the_project(tmp_path: Path) -> None:
    build(tmp_path, "terraform/tables/main.tf", "04_parcels_promotion.md")
    assert discover(tmp_path, Config()).slug == "parcels"
    project = discover(tmp_path, Config(slug="post", title="The Post", component="mail"))
    assert (project.slug, project.title, project.component("sit")) == ("post", "The Post", "MAIL")


ROOTS = {
    "the only one": (["main.tf"], "", "sit"),
    "the one with tfvars": (["a/main.tf", "b/main.tf", "b/sit.tfvars"], "b", "sit"),
    "tfvars in a folder below": (["a/main.tf", "b/main.tf", "b/environments/sit.tfvars"], "b", "sit"),
    "one folder per environment": (["environments/dev/main.tf", "environments/sit/main.tf"], "environments/sit", "sit"),
    "one folder with tfvars per environment": (
        ["envs/dev/main.tf", "envs/dev/terraform.tfvars", "envs/sit/main.tf", "envs/sit/terraform.tfvars"],
        "envs/sit",
        "sit",
    ),
    "modules aside": (["modules/a/main.tf", "stack/main.tf"], "stack", "sit"),
    "a module when there is nothing else": (["modules/a/main.tf"], "modules/a", "sit"),
}


@each(("files", "directory", "environment"), ROOTS.values(), ids=ROOTS.keys())
def test_the_terraform_root(tmp_path: Path, files: list[str], directory: str, environment: str) -> None:
    root = discover(build(tmp_path, *files), Config()).terraform_root(environment)
    assert root is not None
    assert root.directory == directory


def test_a_called_module_is_no_root(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": "", "z/main.tf": 'module "a" {\n  source = "../a"\n}\n'})
    project = discover(tmp_path, Config())
    assert roots_of(project) == ["z", "a"]
    assert project.diagnostics == ()


def test_a_workflow_tells_the_root(tmp_path: Path) -> None:
    workflow = (
        "jobs:\n  plan:\n    steps:\n      - run: ls\n        working-directory: stacks/${{ inputs.component }}\n"
    )
    write(tmp_path, {"other/main.tf": "", "stacks/tables/main.tf": "", ".github/workflows/d.yml": workflow})
    project = discover(tmp_path, Config())
    assert roots_of(project) == ["stacks/tables", "other"]
    assert project.diagnostics == ()


def test_several_roots_are_told_and_configuration_decides(tmp_path: Path) -> None:
    build(tmp_path, "a/main.tf", "b/main.tf")
    undecided = discover(tmp_path, Config()).choice("sit")
    assert undecided.root is None
    assert undecided.problem is not None
    assert undecided.problem.summary == "2 folders could be the Terraform root for sit: a, b; none of them is assessed"
    assert "sources.terraform" in undecided.problem.detail
    chosen = discover(tmp_path, Config(sources=Sources(terraform="./b/"))).choice("sit")
    assert chosen.root is not None
    assert chosen.root.directory == "b"
    assert [other.directory for other in chosen.others] == ["a"]
    assert chosen.problem is None


def test_tfvars_in_the_order_terraform_takes_them(tmp_path: Path) -> None:
    files = ["terraform.tfvars", "b.auto.tfvars", "a.auto.tfvars", "environments/sit.tfvars", "dev.tfvars"]
    build(tmp_path, "t/main.tf", *(f"t/{name}" for name in files))
    root = discover(tmp_path, Config()).terraform_root("sit")
    assert root is not None
    shared = ("t/terraform.tfvars", "t/a.auto.tfvars", "t/b.auto.tfvars")
    assert root.shared_var_files == shared
    assert root.var_files("sit") == (*shared, "t/environments/sit.tfvars")
    assert root.var_files("dev") == (*shared, "t/dev.tfvars")
    assert root.var_files("prod") == shared


def test_tfvars_beside_the_root(tmp_path: Path) -> None:
    build(tmp_path, "terraform/main.tf", "environments/sit.tfvars", "elsewhere/qa.tfvars")
    root = discover(tmp_path, Config()).terraform_root("sit")
    assert root is not None
    assert root.environment_files == {"sit": ("environments/sit.tfvars",)}


def test_tfvars_by_configured_pattern(tmp_path: Path) -> None:
    build(tmp_path, "t/main.tf", "t/sit.tfvars", "x/parcels-sit-values.tfvars", "x/parcels-dev-values.tfvars")
    config = Config(sources=Sources(tfvars="x/parcels-{environment}-values.tfvars"))
    root = discover(tmp_path, config).terraform_root("sit")
    assert root is not None
    assert dict(root.environment_files) == {
        "dev": ("x/parcels-dev-values.tfvars",),
        "sit": ("x/parcels-sit-values.tfvars",),
    }


def test_configured_sources(tmp_path: Path) -> None:
    build(tmp_path, "a.schema.json", "model/b.json", "ci/deploy.yml", "checks/look.py", "docs/about.md", "plans/p.md")
    sources = Sources(
        schemas=("model",), workflows=("ci/*.yml",), scripts=("checks",), readme="docs/about.md", plan="plans/p.md"
    )
    project = discover(tmp_path, Config(sources=sources))
    assert project.schemas == ("model/b.json",)
    assert project.workflows == ("ci/deploy.yml",)
    assert project.scripts == ("checks/look.py",)
    assert project.readme == "docs/about.md"
    assert project.plan is not None
    assert project.plan.shown == "plans/p.md"


@each(
    ("line", "message"),
    [
        (
            "schemas: [schemas]",
            r'readiness.yaml:2:13: "schemas" matches nothing in the project; did you mean "schema"\?',
        ),
        ("terraform: terraforn", r'readiness.yaml:2:3: "terraforn" holds no .*; did you mean "terraform"\?'),
        ("readme: READM.md", r'readiness.yaml:2:3: "READM.md" matches nothing .*; did you mean "README.md"\?'),
        ("plan: plans/x.md", r'readiness.yaml:2:3: "plans/x.md" matches nothing'),
    ],
)
def test_a_configured_path_that_is_not_there(tmp_path: Path, line: str, message: str) -> None:
    root = tmp_path / "project"
    build(tmp_path, ".git/HEAD", "project/schema/a.json", "project/terraform/main.tf", "project/README.md")
    (root / "readiness.yaml").write_text(f"sources:\n  {line}\n")
    with pytest.raises(ConfigurationError, match=message):
        discover(root, load_config(root))


class TestPlan:
    """The promotion plan lies in the project, beside it, or wherever the command line says."""

    def test_the_one_with_the_slug(self, tmp_path: Path) -> None:
        build(tmp_path / "parcels", "plans/01_post_promotion.md", "plans/02_parcels_promotion.md")
        project = discover(tmp_path / "parcels", Config())
        assert project.plan is not None
        assert project.plan.shown == "plans/02_parcels_promotion.md"
        assert project.diagnostics == ()

    def test_several_are_told_and_none_is_read(self, tmp_path: Path) -> None:
        build(tmp_path / "x", "main.tf", "01_post_promotion.md", "02_parcels_promotion.md")
        project = discover(tmp_path / "x", Config())
        assert project.plan is None
        assert project.unread == {SourceKind.PLAN: Location("01_post_promotion.md", 0)}
        (told,) = project.diagnostics
        assert "2 promotion plans: 01_post_promotion.md, 02_parcels_promotion.md" in told.summary
        assert "--plan" in told.detail

    @pytest.mark.parametrize("how", ["configured", "named"])
    def test_beside_the_project(self, tmp_path: Path, how: str) -> None:
        build(tmp_path, ".git/HEAD", "parcels/main.tf", "plans/02_parcels_promotion.md", "plans/secret.md")
        sources = Sources(plan="../plans/02_parcels_promotion.md" if how == "configured" else "")
        named = tmp_path / "plans" / "02_parcels_promotion.md" if how == "named" else None
        plan = discover(tmp_path / "parcels", Config(sources=sources), plan=named).plan
        assert plan is not None
        assert plan.shown == "../plans/02_parcels_promotion.md"
        read = plan.read()
        assert isinstance(read, Source)
        assert read.path == plan.shown

    def test_a_named_plan_that_is_not_there(self, tmp_path: Path) -> None:
        build(tmp_path, "main.tf")
        with pytest.raises(UsageError, match=r'"gone.md" does not exist'):
            discover(tmp_path, Config(), plan=tmp_path / "gone.md")

    def test_a_configured_plan_outside_of_the_checkout(self, tmp_path: Path) -> None:
        build(tmp_path, "parcels/main.tf", "secret.md")
        with pytest.raises(ConfigurationError, match=r"lies outside the repository; name it with --promotion-plan"):
            discover(tmp_path / "parcels", Config(sources=Sources(plan="../secret.md")))

    def test_a_configured_plan_behind_a_link(self, tmp_path: Path) -> None:
        (tmp_path / ".git").mkdir()
        build(tmp_path, ".git/HEAD", "parcels/main.tf", "far/p.md")
        (tmp_path / "plans").symlink_to(tmp_path / "far")
        with pytest.raises(ConfigurationError, match="behind a symbolic link"):
            discover(tmp_path / "parcels", Config(sources=Sources(plan="../plans/p.md")))


class TestNothing:
    """There is nothing to assess, which is not the same as nothing being wrong."""

    @pytest.mark.parametrize("files", [[], ["README.md"], ["src/app.py", "docs/notes.md"], ["readiness.yaml"]])
    def test_no_input(self, tmp_path: Path, files: list[str]) -> None:
        with pytest.raises(NothingToAssess, match=r"nothing to assess: .*; run it in the project folder") as caught:
            discover(build(tmp_path, *files), Config())
        assert caught.value.exit_code == 3
        assert str(tmp_path) not in str(caught.value)

    def test_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(NothingToAssess, match=r'"gone" does not exist'):
            discover(tmp_path / "gone", Config())
        build(tmp_path, "file")
        with pytest.raises(NothingToAssess, match=r'"file" is not a folder'):
            discover(tmp_path / "file", Config())


class TestEnvironments:
    """Which environments a project knows."""

    @pytest.mark.parametrize(
        ("files", "expected"),
        [
            ({"main.tf": "", "prod.tfvars": "", "sit.tfvars": "", "dev.tfvars": ""}, ("dev", "sit", "prod")),
            ({"main.tf": "", "blue.tfvars": "", "sit.tfvars": ""}, ("sit", "blue")),
            ({"main.tf": "", "common.tfvars": "", "sit.tfvars": ""}, ("sit",)),
            ({".github/workflows/deploy-sit.yml": "on: push\n"}, ("sit",)),
            ({".github/workflows/d.yml": "env:\n  STAGE: uat\n  X: {- prod, dev]\n"}, ()),
            (
                {".github/workflows/d.yml": "on:\n  x:\n    options: [dev, uat]\nenv: {STAGE: prod}\n"},
                ("dev", "uat", "prod"),
            ),
            (
                {"01_x_promotion.md": "| **SIT** | 1 |\n| Domain | a |\n| `prod` | 2 |\n| DR | 3 |\n"},
                ("sit", "prod", "dr"),
            ),
        ],
    )
    def test_in_the_order_of_promotion(self, tmp_path: Path, files: dict[str, str], expected: tuple[str, ...]) -> None:
        assert discover(write(tmp_path, files), Config()).environments == expected

    def test_configured_ones_come_first(self, tmp_path: Path) -> None:
        write(tmp_path, {"main.tf": "", "dev.tfvars": "", "readiness.yaml": "environments: {live: {}, test: {}}\n"})
        assert discover(tmp_path, load_config(tmp_path)).environments == ("live", "test", "dev")

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("sti", r'environment "sti" is not known; did you mean "sit"\? known are dev, sit, prod, dr'),
            ("moon", r'environment "moon" is not known; known are dev, sit, prod, dr'),
        ],
    )
    def test_an_unknown_one(self, name: str, message: str) -> None:
        with pytest.raises(UnknownEnvironment, match=message) as caught:
            discover(EXAMPLE, load_config(EXAMPLE)).require_environment(name)
        assert caught.value.exit_code == 2

    def test_none_at_all(self, tmp_path: Path) -> None:
        with pytest.raises(UnknownEnvironment, match="names any environment"):
            discover(build(tmp_path, "main.tf"), Config()).require_environment("sit")


@each(
    ("link", "kind"),
    [
        ("terraform/extra.tf", SourceKind.TERRAFORM),
        ("terraform/environments", SourceKind.TFVARS),
        ("terraform/sit.tfvars", SourceKind.TFVARS),
        ("schemas", SourceKind.SCHEMAS),
        (".github", SourceKind.WORKFLOWS),
        ("04_x_promotion.md", SourceKind.PLAN),
    ],
)
def test_a_link_is_told_and_not_followed(tmp_path: Path, link: str, kind: SourceKind) -> None:
    build(tmp_path, "project/terraform/main.tf", "outside/main.tf")
    (tmp_path / "project" / link).symlink_to(tmp_path / "outside")
    project = discover(tmp_path / "project", Config())
    assert project.unread == {kind: Location(link, 0)}
    assert [str(told) for told in project.diagnostics] == [
        f"{link}: error E103: a symbolic link is not followed; put what it points to in its place"
    ]
    assert all("outside" not in path for path in project.files)


def test_a_folder_with_too_many_files_says_so(tmp_path: Path) -> None:
    build(tmp_path, "main.tf", *(f"data/{number}.txt" for number in range(2000)))
    project = discover(tmp_path, Config())
    assert len(project.files) == 2000
    assert project.diagnostics[0].summary == "more than 2000 files; 1 more was not looked at"
    assert set(project.unread) == ANYWHERE | {SourceKind.WORKFLOWS, SourceKind.README}


ANYWHERE = {SourceKind.PLAN, SourceKind.TERRAFORM, SourceKind.TFVARS, SourceKind.SCHEMAS, SourceKind.SCRIPT}

UNREAD = {
    "folders too deep": ("d/" * 33 + "x", "d/" * 32 + "d", "E113", ANYWHERE),
    "a submodule": ("vendor/.git", "vendor", "E119", set()),
    "a submodule where an input is expected": ("terraform/.git", "terraform", "E119", {SourceKind.TERRAFORM}),
    "a folder of keys": (".aws/config", ".aws", "E104", set()),
    "a folder for a file": ("sub/x.tf/y", None, "", set()),
    "twins": ("Main.tf", "Main.tf", "E117", set()),
    "a plan that is no text": ("our_promotion_notes.md", "our_promotion_notes.md", "E108", {SourceKind.PLAN}),
}


@each(("path", "at", "code", "kinds"), UNREAD.values(), ids=UNREAD.keys())
def test_what_cannot_be_looked_at_is_told_and_unread(
    tmp_path: Path, path: str, at: str | None, code: str, kinds: set[SourceKind]
) -> None:
    build(tmp_path, "main.tf", "sit.tfvars", path)
    (tmp_path / path).write_bytes(b"\xe9" if path.endswith(".md") else b"")
    project = discover(tmp_path, Config())
    told = [(one.at.path, one.code.code, one.severity.value) for one in project.diagnostics]
    severity = "error" if kinds else "warning"
    assert told == ([(at, code, severity)] if at else [])
    assert set(project.unread) == kinds


@each("how", ["no text", "no language", "a link", "too large"])
def test_settings_that_are_lost_leave_terraform_unread(tmp_path: Path, how: str) -> None:
    write(tmp_path, {"main.tf": 'variable "name" {\n  default = "a"\n}\n', "environments/sit.tfvars": ""})
    lost = tmp_path / "terraform.tfvars"
    if how == "a link":
        lost.symlink_to(tmp_path / "main.tf")
    else:
        lost.write_bytes({"no text": b"\xe9", "no language": b"name = [", "too large": b"#" * 1024 * 1025}[how])
    model = build_model(discover(tmp_path, Config()), "sit")
    assert SourceKind.TERRAFORM in model.unread
    assert model.configuration is not None
    assert not model.configuration.complete


def test_a_pipe_for_a_file_is_told_and_unread(tmp_path: Path) -> None:
    build(tmp_path, "main.tf")
    os.mkfifo(tmp_path / "more.tf")
    project = discover(tmp_path, Config())
    assert [str(told) for told in project.diagnostics] == ["more.tf: error E105: not a regular file"]
    assert project.unread == {SourceKind.TERRAFORM: Location("more.tf", 0)}


def test_links_that_are_no_input_are_counted(tmp_path: Path) -> None:
    build(tmp_path, "main.tf", "docs/a.md")
    for name in ("AGENTS", "LICENSE", "docs/b.md"):
        (tmp_path / name).symlink_to("main.tf")
    (told,) = discover(tmp_path, Config()).diagnostics
    assert str(told).startswith("AGENTS: warning E103: a symbolic link is not followed; 2 more like it")


def test_the_git_root(tmp_path: Path) -> None:
    build(tmp_path, "teams/parcels/main.tf")
    assert discover(tmp_path / "teams" / "parcels", Config()).git_root is None
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert discover(tmp_path / "teams" / "parcels", Config()).git_root == tmp_path.resolve()


@each(
    ("path", "pattern", "expected"),
    [
        ("a/b/c.py", "**/*.py", True),
        ("c.py", "**/*.py", True),
        ("a/b/c.py", "*.py", False),
        ("a/b/c.py", "a/*/c.py", True),
        ("a/b/c.py", "a/**/c.py", True),
        ("a/c.py", "a/**/c.py", True),
        ("a/b/c.py", "a/**", True),
        ("a/b/c.py", "./a/b/?.py", True),
        ("a/b/c.py", "**/b", False),
        ("", ".", True),
        ("a/" * 40 + "b", "**/a/" * 20 + "c", False),
        ("a" * 200, "*a" * 90 + "b", False),
    ],
)
def test_globs(path: str, pattern: str, expected: bool) -> None:
    assert matches(path, pattern) is expected
