"""`readiness comment`: what changed against a base, printed, or posted where it belongs."""

import json
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bbws_readiness.cli.compared import of_files
from bbws_readiness.cli.main import readiness
from bbws_readiness.errors import ReadinessError
from bbws_readiness.process import environment
from bbws_readiness.render.formats.comment import MAX_CHARACTERS, comment, content
from tests.checkouts import arm, commit, git, needs_git, write
from tests.cli.test_assess import assert_one_complaint, run
from tests.cli.test_since import TABLE
from tests.forked import forked
from tests.github.server import HEAD, PERSON, Answer, Hub, hub, limit, pull

pytestmark = needs_git

RECOVERY = TABLE.replace(
    '  hash_key = "PK"\n', '  hash_key = "PK"\n\n  point_in_time_recovery {\n    enabled = true\n  }\n'
)
PROJECT = {"shop/main.tf": TABLE, "shop/environments/sit.tfvars": "", "shop/README.md": "# Shop\n"}
TOKEN = "ghs_16C7e42F292c6912E7710c838347Ae178B4a"


@dataclass
class Step:
    """A step of a workflow run, in this process: its variables, and what it leaves behind."""

    github: Hub
    folder: Path
    patch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]
    run: int = 100
    printed: str = ""
    told: str = ""

    @property
    def summary(self) -> str:
        return (self.folder / "summary").read_text()

    @property
    def outputs(self) -> str:
        return (self.folder / "outputs").read_text()

    def comment(self, *arguments: object, event: object = None, head: str = HEAD) -> int:
        """The exit code of the command in a new run; what it prints is kept."""
        self.run += 1
        event = {"pull_request": {"number": 1, "head": {"sha": head}}} if event is None else event
        (self.folder / "event.json").write_text(json.dumps(event))
        for name, text in {"summary": "", "outputs": ""}.items():
            (self.folder / name).write_text(text)
        variables = {
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_API_URL": self.github.address,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_RUN_ID": str(self.run),
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "GITHUB_OUTPUT": str(self.folder / "outputs"),
        }
        for name, text in variables.items():
            self.patch.setenv(name, text)
        environment.withhold_credentials()
        try:
            code = readiness.main(["comment", *map(str, arguments)], standalone_mode=False)
        except ReadinessError as error:
            self.told, code = error.line, error.exit_code
        else:
            self.printed, self.told = self.capture.readouterr()
        assert TOKEN not in self.printed + self.told + self.summary + "".join(self.github.bodies())
        return int(code)


@pytest.fixture
def github() -> Iterator[Hub]:
    with hub() as state:
        yield state


@pytest.fixture
def step(
    github: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Step]:
    before = set(environment.secrets())
    folder = tmp_path / "runner"
    folder.mkdir()
    yield Step(github, folder, monkeypatch, capsys)
    environment.remember(before)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`main` has the project without recovery; the commit that is checked out adds it."""
    root = tmp_path_factory.mktemp("comment") / "repository"
    commit(root, PROJECT)
    git(root, "checkout", "--quiet", "--detach")
    commit(root, {"shop/main.tf": RECOVERY})
    return root


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the step without a token leaves for the one that posts, made by `printed`."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module", autouse=True)
def printed(repository: Path, kept: Path) -> str:
    """The comment on the change, as the step without a token prints it; the checkout stays as it was."""
    before = (git(repository, "status", "--porcelain"), git(repository, "rev-parse", "HEAD"))
    done = run("comment", "sit", "shop", "--base", "main", "--keep", kept, cwd=repository)
    assert (done.returncode, done.stderr) == (1, "")
    assert before == (git(repository, "status", "--porcelain"), git(repository, "rev-parse", "HEAD"))
    return done.stdout


def posting(kept: Path, *options: object) -> tuple[object, ...]:
    files = ("--assessment", kept / "assessment.json", "--base", kept / "base.json")
    return ("sit", "shop", *files, "--post", "--fail-on", "never", *options)


def test_a_revision_is_compared_with(printed: str) -> None:
    lines = printed.splitlines()
    assert lines[0].startswith("## ❌ BLOCKED")
    assert "compared with `main`." in lines[2]
    assert lines[3].startswith("0 new, 0 reinstated, 1 resolved,")
    assert lines[5].startswith("- ✅ `DUR001` high: ")


def test_two_steps_say_what_one_says(printed: str, repository: Path, kept: Path) -> None:
    files = ("--assessment", "assessment.json", "--base", "base.json")
    two = run("comment", "sit", *files, "--base-name", "main", cwd=kept)
    of_file = run("comment", "sit", "shop", "--base", kept / "base.json", cwd=repository)
    assert two.returncode == of_file.returncode == 1
    assert two.stdout == printed
    assert "compared with `base.json`" in of_file.stdout
    assert of_file.stdout.splitlines()[3:6] == printed.splitlines()[3:6]


def test_twenty_pushes_leave_one_comment_that_is_edited_when_its_content_changed(step: Step, tmp_path: Path) -> None:
    root, temporary = tmp_path / "repository", tmp_path / "temporary"
    commit(root, PROJECT)
    temporary.mkdir()
    step.patch.setattr(tempfile, "tempdir", str(temporary))
    assert step.comment("sit", root / "shop", "--keep", tmp_path, "--base", "main") == 1
    assert list(temporary.iterdir()) == []
    for words in ("I think so too", "<!-- readiness shop sit -->\nnot by the bot"):
        step.github.comment(words, PERSON)
    before = [dict(one) for one in step.github.comments]
    mended = {3, 4, 5, 9, 15, 16}
    edits = [push for push in range(20) if push == 0 or (push in mended) != (push - 1 in mended)]
    for push in range(20):
        main = RECOVERY if push in mended else TABLE
        head = commit(root, {"shop/main.tf": main, "notes.txt": f"push {push}\n"})
        step.github.pulls[1] = pull(1, head)
        writes = len(step.github.writes)
        assert step.comment("sit", root / "shop", "--base", tmp_path / "base.json", "--post", head=head) == 1
        assert (len(step.github.writes) > writes) == (push in edits), push
        assert step.outputs == "comment-id=1003\n"
    assert [one.split()[0] for one in step.github.writes] == ["POST", *["PATCH"] * (len(edits) - 1)]
    (body,) = step.github.bodies()
    assert "\n0 new, 0 reinstated, 0 resolved, " in body
    assert step.github.comments[:2] == before
    assert set(step.github.tokens) == {f"Bearer {TOKEN}"}


MODES = [("update", 1, 0), ("new", 2, 0), ("hide-and-new", 2, 1), ("delete-and-new", 1, 0)]


@pytest.mark.parametrize(("mode", "left", "hidden"), MODES)
def test_each_mode(step: Step, kept: Path, mode: str, left: int, hidden: int) -> None:
    for options in (("--mode", mode), ("--mode", mode), ("--mode", mode, "--base", kept / "assessment.json")):
        assert step.comment(*posting(kept, *options)) == 0
    assert (len(step.github.bodies()), len(step.github.hidden)) == (left, hidden)
    assert step.outputs == f"comment-id={1002 if mode != 'update' else 1001}\n"


def test_places_link_to_the_commit_that_was_assessed(step: Step, kept: Path) -> None:
    step.comment(*posting(kept, "--assessment", kept / "base.json"))
    (body,) = step.github.bodies()
    assert f"(https://github.com/o/r/blob/{HEAD}/shop/main.tf#L1)" in body
    assert "[run](https://github.com/o/r/actions/runs/101)" in body


FAULTS: dict[str, tuple[Callable[[Hub], object], int, str]] = {
    "a fork": (lambda github: setattr(github, "read_only", True), 0, "the token is read-only"),
    "locked": (lambda github: setattr(github, "locked", True), 0, "the conversation is locked"),
    "off": (lambda github: github.faults.append(Answer(410, after="POST")), 0, "its comments are off"),
    "no such": (lambda github: github.pulls.clear(), 0, "no such pull request"),
    "limit": (lambda github: github.faults.append(Answer(403, limit(0, 9_999_999_999))), 5, "rate limited until "),
    "redirect": (lambda github: github.faults.append(Answer(302, {"Location": "https://e.x/"})), 5, "another server"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_posted_stands_in_the_summary(step: Step, kept: Path, fault: str) -> None:
    arrange, lost, words = FAULTS[fault]
    arrange(step.github)
    assert step.comment(*posting(kept)) == lost
    assert words in step.told
    assert step.told.startswith("readiness: error E613: ")
    assert step.summary.startswith("## ❌ BLOCKED")
    assert step.outputs == ""
    assert step.github.comments == []
    arrange(step.github)
    assert step.comment(*posting(kept, "--fail-on", "decision")) == 1


def test_a_run_that_was_overtaken_writes_nothing(step: Step, kept: Path) -> None:
    step.github.pulls[1] = pull(1, "b" * 40)
    assert step.comment(*posting(kept, "--fail-on", "decision")) == 1
    assert "superseded" in step.told
    assert step.github.writes == []
    assert step.summary == step.outputs == ""


def test_runs_that_end_in_the_wrong_order(step: Step, kept: Path) -> None:
    step.run = 200
    step.comment(*posting(kept))
    step.run = 150
    assert step.comment(*posting(kept, "--base", kept / "assessment.json")) == 0
    assert "a newer run has commented" in step.told
    assert "1 resolved" in step.github.bodies()[0]


def test_the_run_behind_a_fork_finds_the_pull_request_by_its_commit(step: Step, kept: Path) -> None:
    event = {"workflow_run": {"id": 50, "run_attempt": 1, "head_sha": HEAD, "pull_requests": [{"number": 2}]}}
    step.github.pulls = {2: pull(2, "b" * 40), 3: pull(3, HEAD)}
    assert step.comment(*posting(kept), event=event) == 0
    assert [one["issue"] for one in step.github.comments] == [3]
    assert "run=50.1" in step.github.bodies()[0]
    assert step.comment(*posting(kept, "--pull-request", 2), event=event) == 0
    assert "superseded" in step.told
    assert len(step.github.comments) == 1


def test_two_projects_are_two_comments_and_late_pages_are_read(step: Step, kept: Path, tmp_path: Path) -> None:
    step.github.page_size = 10
    for number in range(35):
        step.github.comment(f"talk {number}", PERSON)
    other = tmp_path / "other"
    shutil.copytree(kept, other)
    for name in ("assessment.json", "base.json"):
        data = json.loads((other / name).read_text())
        (other / name).write_text(json.dumps(data | {"project": data["project"] | {"slug": "orders"}}))
    for folder in (kept, other, kept, other):
        assert step.comment(*posting(folder)) == 0
    assert len(step.github.bodies()) == 2
    assert len(step.github.writes) == 2


def test_a_credential_that_stands_in_the_project_is_not_posted(step: Step, kept: Path, tmp_path: Path) -> None:
    data = json.loads((kept / "assessment.json").read_text())
    data["issues"][0]["title"] = f"the token is {TOKEN}"
    (tmp_path / "assessment.json").write_text(json.dumps(data))
    assert step.comment("sit", "--assessment", tmp_path / "assessment.json", "--post", "--fail-on", "never") == 0
    assert "the token is (withheld)" in step.github.bodies()[0]


def test_a_process_of_its_own_posts_with_the_token_it_was_started_with(
    github: Hub, repository: Path, kept: Path
) -> None:
    without = {name: text for name, text in os.environ.items() if not name.startswith(("GITHUB_", "GH_"))}
    variables = without | {"GITHUB_API_URL": github.address, "GITHUB_REPOSITORY": "o/r"}
    there = ("--post", "--pull-request", 1, "--head", HEAD)
    line: tuple[object, ...] = ("comment", "sit", repository / "shop", "--base", "main", *there)
    for name in ("GITHUB_TOKEN", "GH_TOKEN"):
        done = forked(*line, environment=variables | {name: f" {TOKEN}\n"})
        assert (done.returncode, done.stdout) == (1, ""), done.stderr
        assert done.stderr.startswith("readiness: o/r, pull request 1: comment 1001 ")
        files = ("--assessment", kept / "assessment.json", "--base", kept / "base.json", "--base-name", "main")
        line = ("comment", "sit", "shop", *files, *there)
    assert set(github.tokens) == {f"Bearer {TOKEN}"}
    assert len(github.writes) == 1
    done = forked(*line, environment=variables)
    assert (done.returncode, "there is no token" in done.stderr) == (1, True)


def test_without_a_token_or_a_target_nothing_is_sent(step: Step, kept: Path) -> None:
    assert step.comment(*posting(kept), event={}) == 2
    assert "--pull-request" in step.told
    for name in ("o/r/../x", "o/..", "o/.", "o", "o/r?x", "o/r\n"):
        assert step.comment(*posting(kept, "--repository", name)) == 2
    assert step.comment(*posting(kept, "--head", "main")) == 2
    step.patch.setenv("GITHUB_API_URL", "http://api.example.invalid")
    assert step.github.asked == []


NO_MOMENT = {"at": "2026-19-99T00:00", "minutes": 0, "chain": []}


def test_outputs_are_refused_before_anything_is_read(repository: Path, tmp_path: Path) -> None:
    victim, link = tmp_path / "victim", repository / "shop" / "link"
    victim.mkdir()
    link.symlink_to(victim)
    try:
        for options in (("--keep", link), ("-o", link), ("-o", link / "comment.md"), ("-o", tmp_path)):
            assert_one_complaint(run("comment", "sit", repository / "shop", *options), 2, "E60")
    finally:
        link.unlink()
    assert list(victim.iterdir()) == []


def test_without_posting_the_event_only_helps(step: Step, repository: Path) -> None:
    assert step.comment("sit", repository / "shop", event=["\ud800"]) == 1
    step.patch.setenv("GITHUB_EVENT_PATH", str(repository))
    assert run("comment", "sit", repository / "shop").returncode == 1
    assert_one_complaint(run("comment", "sit", repository / "shop", "--post"), 2, "GITHUB_EVENT_PATH")


def broken(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "format": data | {"format": "bbws-readiness-assessment/9"},
        "a member": {key: data[key] for key in data if key != "schedule"},
        "another member": data | {"surprise": 1},
        "verdict": data | {"verdict": "GREEN"},
        "a moment": data
        | {"schedule": data["schedule"] | {"ready": {"at": "2026-19-99T00:00", "minutes": 0, "chain": []}}},
        "owners": data | {"issues": [data["issues"][0] | {"owners": "everybody"}]},
        "environment": data | {"environment": data["environment"] | {"name": "prod"}},
        "a list": [data],
    }


def test_what_is_no_assessment_is_refused_in_one_line(step: Step, kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "assessment.json"
    found = broken(json.loads((kept / "assessment.json").read_text()))
    for data in [*map(json.dumps, found.values()), "{", "[" * 100_000, '{"a": 1, "a": 2}', "\x00", "[NaN]"]:
        path.write_text(data)
        assert step.comment("sit", "--assessment", path, "--post") == 2, data[:80]
        assert "\n" not in step.told
    assert step.comment("sit", "--assessment", kept / "assessment.json", "--base", "main") == 2
    assert "as --base" in step.told
    assert step.github.asked == []


LEAVES: tuple[object, ...] = (
    *(None, True, 0, -1, 10**30, 1.5, "", "a", "2026-01-07T00:00", "9999-12-31T23:59", "\ud800", "x" * 5000, "READY"),
    *([], {}, [[]], [None], ["a"], {"a": None}),
)


def mutated(data: Any, chance: random.Random) -> Any:
    """The same data with something else in one place, anywhere."""
    if isinstance(data, dict | list) and data and chance.random() < 0.9:
        keys = list(data) if isinstance(data, dict) else range(len(data))
        key = chance.choice(list(keys))
        copy = data.copy()
        copy[key] = mutated(data[key], chance)
        return copy
    return chance.choice(LEAVES)


def test_a_forged_assessment_is_refused_or_makes_a_comment(kept: Path, tmp_path: Path) -> None:
    data, path, chance = json.loads((kept / "base.json").read_text()), tmp_path / "forged.json", random.Random(1)
    made = 0
    for _ in range(60):
        path.write_text(json.dumps(mutated(data, chance)))
        try:
            compared = of_files(path, kept / "base.json", "sit")
        except ReadinessError as error:
            assert "\n" not in error.line
            continue
        made += 1
        text = comment(compared.data, compared.changes)
        assert len(text) <= MAX_CHARACTERS
        assert text.encode()
        content(compared.data, compared.changes)
    assert 0 < made < 60


def test_a_base_that_is_not_there_ends_the_run(repository: Path) -> None:
    assert_one_complaint(run("comment", "sit", repository / "shop", "--base", "v9"), 4, "E802", "fetch-depth: 0")


def test_a_base_that_is_not_there_as_a_whole_is_not_compared_with(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    commit(root, PROJECT | {"shop/gone.txt": "only here\n"})
    blob = git(root, "rev-parse", "main:shop/gone.txt")
    git(root, "checkout", "--quiet", "--detach")
    (root / "shop" / "gone.txt").unlink()
    commit(root, {})
    (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    done = run("comment", "sit", root / "shop", "--base", "main", "--fail-on", "never")
    assert_one_complaint(done, 4, "E802", "fetch-depth: 0")
    assert "Not compared with `main`: the base revision cannot be read as a whole" in done.stdout


def test_a_project_that_the_base_does_not_have_is_not_compared(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    commit(root, {"README.md": "# Nothing yet\n"})
    git(root, "checkout", "--quiet", "--detach")
    commit(root, PROJECT)
    done = run("comment", "sit", root / "shop", "--base", "main")
    assert_one_complaint(done, 1, "E7")
    assert "\nNot compared with `main`: " in done.stdout


def test_nothing_of_the_base_is_run_or_followed(tmp_path: Path) -> None:
    root, marker = tmp_path / "repository", tmp_path / "marker"
    commit(root, PROJECT)
    secret = tmp_path / "secret.tf"
    secret.write_text('resource "aws_dynamodb_table" "outside" {}\n')
    (root / "shop" / "outside.tf").symlink_to(secret)
    write(root, {".gitattributes": "* filter=evil diff=evil merge=evil ident\n"})
    commit(root, {})
    (root / "shop" / "outside.tf").unlink()
    git(root, "checkout", "--quiet", "--detach")
    commit(root, {})
    arm(root, marker)
    done = run("comment", "sit", root / "shop", "--base", "main")
    assert done.returncode == 1, done.stderr
    assert "compared with `main`" in done.stdout
    assert "aws_dynamodb_table.outside" not in done.stdout
    assert not marker.exists()


def test_a_link_in_place_of_the_project_leads_nowhere(tmp_path: Path) -> None:
    elsewhere, root = tmp_path / "elsewhere", tmp_path / "repository"
    commit(elsewhere, {"main.tf": RECOVERY, "environments/sit.tfvars": ""})
    root.mkdir()
    (root / "shop").symlink_to(elsewhere)
    commit(root, {})
    git(root, "checkout", "--quiet", "--detach")
    (root / "shop").unlink()
    commit(root, PROJECT)
    done = run("comment", "sit", root / "shop", "--base", "main")
    assert_one_complaint(done, 1, "E705")
    assert "Not compared with `main`: the base has a link in place of the project folder." in done.stdout
