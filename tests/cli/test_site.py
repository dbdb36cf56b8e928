"""`readiness site` as a user meets it: a real process on real files."""

from pathlib import Path

import pytest

from bbws_readiness.render.site.site import FILES
from tests.cli.test_assess import AS_OF, assert_one_complaint, run
from tests.example import copy_example

HOME = "deployments/sit_dynamodb_schemas_action_items.md"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with the documents of a run and a note that somebody wrote."""
    copy = copy_example(tmp_path_factory.mktemp("example"))
    assert run("assess", "sit", *AS_OF, "--fail-on", "never", cwd=copy).returncode == 0
    home = copy / HOME
    task = next(line for line in home.read_text().splitlines() if line.endswith("<!-- task:tables/review -->"))
    home.write_text(home.read_text().replace(task, f"{task}\n  On the table <b>since</b> Monday."))
    return copy


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_pages_of_the_published_set_are_written_and_written_alike(project: Path) -> None:
    before = contents(project / "deployments")
    first = run("site", "sit", cwd=project)
    assert (first.returncode, first.stdout, first.stderr) == (0, "deployments/site/sit/index.html\n", "")
    folder = project / "deployments" / "site" / "sit"
    written = contents(folder)
    assert set(written) == set(FILES)
    assert b"On the table &lt;b&gt;since&lt;/b&gt; Monday." in written["action_items.html"]
    assert b'"as_of": "2026-01-07T00:00:00"' in written["assessment.json"]
    (folder / "mine.html").write_text("mine")
    (folder / "index.html").write_text("old")
    assert run("site", "SIT", cwd=project).returncode == 0
    assert contents(folder) == {**written, "mine.html": b"mine"}
    assert contents(project / "deployments") == before


def test_pages_elsewhere_say_the_same_and_link_to_no_file(project: Path, tmp_path: Path) -> None:
    assert run("site", "sit", project, "--output-dir", tmp_path / "pages", cwd=tmp_path).returncode == 0
    assert run("site", "sit", cwd=project).returncode == 0
    inside, outside = contents(project / "deployments" / "site" / "sit"), contents(tmp_path / "pages")
    assert outside["assessment.json"] == inside["assessment.json"]
    assert b'href="../../../terraform/dynamodb/main.tf#L' in inside["index.html"]
    assert b"main.tf:" in outside["index.html"] and b"main.tf#L" not in outside["index.html"]


def test_pages_that_the_next_run_would_read_are_refused(project: Path) -> None:
    result = run("site", "sit", "--output-dir", "public", cwd=project)
    assert_one_complaint(result, 2, "public", "below deployments/")
    assert not (project / "public").exists()


def test_a_place_that_is_no_file_is_refused_before_anything_is_written(project: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("as it was")
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "report.html").symlink_to(victim)
    result = run("site", "sit", "--output-dir", folder, cwd=project)
    assert_one_complaint(result, 2, "report.html", "not a regular file")
    assert victim.read_text() == "as it was"
    assert [path.name for path in folder.iterdir()] == ["report.html"]
