"""`readiness portfolio`: the same bytes wherever the work is done, and one loss is nobody else's."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from bbws_readiness.cli.schema import SCHEMAS
from tests.cli.test_assess import assert_one_complaint, run
from tests.example import ROOT

EXAMPLE = ROOT / "examples" / "portfolio"
PAGE = ROOT / "docs" / "scale.md"
ORDER = ("order_schemas", "label_buckets", "order_lambda")
ALL = (*ORDER, "broken", "missing")
AS_OF = ("--as-of", "2026-03-04")
LIST = "projects:\n  - order_schemas\n  - label*\n  - path: order_lambda\n  - broken\n  - missing\n"


def small_project(root: Path) -> None:
    (root / "terraform/environments").mkdir(parents=True)
    (root / "terraform/environments/sit.tfvars").touch()
    (root / "terraform/main.tf").write_text("locals {}\n")


def laid_out(folder: Path) -> Path:
    """The example, a project whose configuration is broken, and a list that names one more, which is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ORDER:
        shutil.copytree(EXAMPLE / name, folder / name, ignore=shutil.ignore_patterns("deployments"))
    small_project(folder / "broken")
    (folder / "broken/readiness.yaml").write_text("titel: Orders\n")
    (folder / "portfolio.yaml").write_text(LIST)
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    """All files that a run has written, by their paths."""
    found = (path for path in folder.rglob("*") if path.is_file() and {"deployments", "out"} & set(path.parts))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """What one process makes of the projects that the list names."""
    folder = laid_out(tmp_path_factory.mktemp("here"))
    return folder, run("portfolio", "sit", *AS_OF, "--jobs", "1", "-f", "text", "-f", "json=all.json", cwd=folder)


Here = tuple[Path, subprocess.CompletedProcess[str]]


def test_the_list_leads_to_one_table_one_json_and_all_documents(here: Here) -> None:
    folder, result = here
    assert (result.returncode, result.stderr) == (2, "")
    found = json.loads((folder / "deployments/sit_portfolio.json").read_text())
    jsonschema.Draft202012Validator(json.loads(SCHEMAS["portfolio"].read_text())).validate(found)
    assert found == json.loads((folder / "all.json").read_text())
    assert [one["path"] for one in found["projects"]] == list(ALL)
    assert [(one["project"], one["code"]) for one in found["failures"]] == [("broken", "E301"), ("missing", "E705")]
    for name in ORDER:
        assert (folder / name / "deployments" / f"sit_{name}_summary.md").is_file()
    for words in ("E301: readiness.yaml:1", "NOT ASSESSED", "deployments/sit_portfolio.md"):
        assert words in result.stdout
    # What cannot be told of a project for any of the others stands once, though the JSON has it for each.
    for text in (result.stdout, (folder / "deployments/sit_portfolio.md").read_text()):
        assert text.count("names of 2 projects: what else each of broken, missing creates cannot be told") == 1
        assert "order_schemas and 2 others: " in text
    assert sum("names of 2 projects" in one["message"] for one in found["findings"]) == len(ORDER)


def test_the_page_shows_what_is_printed(tmp_path: Path) -> None:
    """As far as the page shows it."""
    block = re.search(
        r"```console\n\$ readiness (?P<typed>[^\n]+)\n(?P<shown>.*?)\.\.\.\n```", PAGE.read_text(), re.DOTALL
    )
    assert block is not None
    result = run(*block["typed"].split(), cwd=laid_out(tmp_path))
    assert result.stdout.startswith(block["shown"])


def test_processes_make_the_same_bytes(here: Here, tmp_path: Path) -> None:
    first, alone = here
    folder = laid_out(tmp_path / "pool")
    result = run("portfolio", "sit", *AS_OF, "--jobs", "2", "-f", "text", "-f", "json=all.json", cwd=folder)
    assert (result.returncode, result.stdout, result.stderr) == (2, alone.stdout, "")
    assert everything(folder) == everything(first)
    assert (folder / "all.json").read_bytes() == (first / "all.json").read_bytes()


def test_assess_of_several_tells_the_same(here: Here, tmp_path: Path) -> None:
    first, _ = here
    folder = laid_out(tmp_path / "assess")
    result = run("assess", "sit", *ALL, *AS_OF, "-f", "text", "-f", "json=all.json", cwd=folder)
    assert result.returncode == 2
    assert (folder / "all.json").read_bytes() == (first / "all.json").read_bytes()
    own = {path: data for path, data in everything(first).items() if not path.startswith("deployments/")}
    assert everything(folder) == own


def test_every_form_comes_out_of_processes_too(tmp_path: Path) -> None:
    folder = laid_out(tmp_path)
    forms = (
        "-f",
        "text=a.txt",
        "-f",
        "sarif=a.sarif",
        "-f",
        "junit=a.xml",
        "-f",
        "github",
        "-v",
        "--min-score",
        "99",
        *AS_OF,
    )
    texts = []
    for jobs in ("1", "2"):
        result = run("portfolio", "sit", *ORDER, "broken", *forms, "--jobs", jobs, "--output-dir", "out", cwd=folder)
        assert result.returncode == 2
        texts.append([result.stdout, *((folder / f"a.{ending}").read_text() for ending in ("txt", "sarif", "xml"))])
        # With -v a line tells of each project as it ends, and the gates tell of those that they stop.
        told = result.stderr.splitlines()
        assert {f"readiness: {name}: BLOCKED" for name in ORDER} < set(told)
        assert sum("(--min-score)" in line for line in told) == len(ORDER)
    assert texts[0] == texts[1]
    assert (folder / "out/order_lambda/sit_order_lambda_summary.md").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), ("no project is named, and there is no portfolio.yaml here",)),
        (("a", "--file", "list.yaml"), ("projects are named, and --file too",)),
        (("--file", "nothing.yaml"), ("E101: nothing.yaml: the list cannot be read",)),
        (("--file", "list.yaml"), ("list.yaml:1:12", "a relative path below the folder")),
        (("a", "--scheduler", "tcp://127.0.0.1:1"), ("--scheduler is for --engine dask",)),
        (("a", "--engine", "dask"), ("--engine dask needs a scheduler",)),
        (("a", "--engine", "dask", "--scheduler", "x", "-j", "2"), ("--jobs is about processes of this machine",)),
        (("a", "--engine", "dask", "--scheduler", "http://x:1"), ("--scheduler is no address",)),
        (("a", "a"), ('"a" is named twice',)),
        (("",), ("an empty path names nothing",)),
        (("a", "--baseline", "list.yaml"), ("--baseline is about one project",)),
        (("a", "--fail-on-new"), ("--fail-on-new needs a baseline",)),
    ],
)
def test_what_cannot_be_is_told_in_one_line(tmp_path: Path, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    (tmp_path / "list.yaml").write_text("projects: [../a]\n")
    small_project(tmp_path / "a")
    result = run("portfolio", "sit", *arguments, cwd=tmp_path)
    assert_one_complaint(result, 2, *words)
    assert (result.stderr.count("\n"), result.stdout) == (1, "")


@pytest.mark.parametrize(
    ("arguments", "variables", "words"),
    [
        ((), {"READINESS_SCHEDULER": "tcp://a:1"}, "READINESS_SCHEDULER is for --engine dask"),
        ((), {"READINESS_ENGINE": "dask"}, "READINESS_ENGINE=dask needs a scheduler"),
        (
            (),
            {"READINESS_ENGINE": "dask", "READINESS_SCHEDULER": "x", "READINESS_JOBS": "2"},
            "READINESS_JOBS is about",
        ),
        (("--engine", "dask"), {"READINESS_SCHEDULER": "x", "READINESS_JOBS": "2"}, "--scheduler is no address"),
    ],
)
def test_what_a_variable_says_is_told_by_its_name(
    tmp_path: Path, arguments: tuple[str, ...], variables: dict[str, str], words: str
) -> None:
    """A flag for the engine leaves aside what variables say for the other one."""
    small_project(tmp_path / "a")
    assert_one_complaint(run("portfolio", "sit", "a", *arguments, cwd=tmp_path, **variables), 2, words)


def test_no_environment_is_told_once(tmp_path: Path) -> None:
    """An unset variable of a script must not make a table of projects without a verdict."""
    small_project(tmp_path / "a")
    for command in (("portfolio", "", "a"), ("assess", " ", "a", "a")):
        assert_one_complaint(run(*command, cwd=tmp_path), 2, "E704: no environment is named")


def test_a_file_is_no_project(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    for command in ("assess", "portfolio", "site", "inventory"):
        result = run(command, "sit", "a", cwd=tmp_path)
        assert 'E705: the project folder "a" is not a folder' in result.stderr + result.stdout
        assert result.returncode == 3


def test_a_flag_leaves_the_cluster_of_the_variables_aside(tmp_path: Path) -> None:
    small_project(tmp_path / "a")
    variables = {"READINESS_ENGINE": "dask", "READINESS_SCHEDULER": "tcp://127.0.0.1:1"}
    result = run("portfolio", "sit", "a", "-q", "--engine", "processes", cwd=tmp_path, **variables)
    assert (result.returncode, result.stderr) == (1, "")


def children(folder: Path) -> set[int]:
    """The processes that work in the folder and were started by a run there."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line, where = (entry / "cmdline").read_bytes(), str((entry / "cwd").readlink())
            except OSError:
                continue
            if b"bbws_readiness.workers.child" in line and where == str(folder):
                found.add(int(entry.name))
    return found


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """A run in a process of its own, which has told of its first project."""
    command = [sys.executable, "-P", "-m", "bbws_readiness", "portfolio", "sit", *arguments, "-v", "--jobs", "2"]
    made = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert made.stderr
    made.stderr.readline()
    return made


needs_proc = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="processes are found in /proc")


def many(folder: Path, number: int) -> list[str]:
    for position in range(number):
        shutil.copytree(EXAMPLE / "label_buckets", folder / f"p{position}")
    return [f"p{position}" for position in range(number)]


@needs_proc
def test_an_interruption_ends_all_processes_and_leaves_no_half_file(tmp_path: Path) -> None:
    names = many(tmp_path, 12)
    made = started(tmp_path, *names)
    assert children(tmp_path)
    made.send_signal(signal.SIGINT)
    out, told = made.communicate(timeout=60)
    assert (made.returncode, out) == (130, "")
    assert told.splitlines()[-1] == "readiness: error E707: interrupted; run it again"
    # One that was just being started sees that nobody speaks to it any more, and ends by itself.
    deadline = time.monotonic() + 20
    while children(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert children(tmp_path) == set()
    assert list(tmp_path.rglob(".readiness-*")) == []


@needs_proc
def test_a_process_that_is_killed_costs_its_project_alone(tmp_path: Path) -> None:
    names = many(tmp_path, 12)
    made = started(tmp_path, *names, "-f", "json", *AS_OF)
    os.kill(min(children(tmp_path)), signal.SIGKILL)
    out, _ = made.communicate(timeout=60)
    found = json.loads(out)
    assert [one["path"] for one in found["projects"]] == names
    assert len(found["failures"]) <= 1
    assert all(one["code"] == "E714" for one in found["failures"])
    assert made.returncode == 1


def test_a_dask_cluster_makes_the_same_json(here: Here, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra dask is not installed")
    first, _ = here
    folder = laid_out(tmp_path)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:
        arguments = ("--engine", "dask", "--scheduler", cluster.scheduler_address)
        result = run("portfolio", "sit", *AS_OF, *arguments, "-f", "text", "-f", "json=all.json", cwd=folder)
    assert (result.returncode, result.stderr) == (2, "")
    assert (folder / "all.json").read_bytes() == (first / "all.json").read_bytes()
    assert everything(folder) == everything(first)


def test_the_list_is_printed_for_a_matrix(tmp_path: Path) -> None:
    for name in ("services/b", "services/a", "tools"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "portfolio.yaml").write_text("projects: [tools, services/*]\n")
    result = run("portfolio", "sit", "--list", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (0, '["tools", "services/a", "services/b"]\n')
