"""Without a cache, while it is filled, and from it: the same bytes, the same exit code, the same words."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import msgspec
import pytest

from bbws_readiness.cache import results
from bbws_readiness.cache.bundle import KIND
from bbws_readiness.cache.codec import Codec
from bbws_readiness.cache.store import Store
from tests.forked import forked
from tests.invariants.projects import made, write

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
WITHOUT = ("--no-cache",)
FORMS = ("json", "sarif", "junit", "markdown")


def run(project: Path, cache: Path, *options: str) -> tuple[int, str, str]:
    """Exit code and streams; the documents and the other forms lie in the folder `out` of the project."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(cache.parent), "XDG_CACHE_HOME": str(cache)}
    done = forked(
        *("assess", "sit", project.name, "--as-of", "2026-01-07T16:55", "-v", "-f", "text"),
        *(word for form in FORMS for word in ("-f", f"{form}={form}.out")),
        *options,
        cwd=project.parent,
        environment=environment,
    )
    return done.returncode, done.stdout, done.stderr


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def same(project: Path, tmp_path: Path) -> None:
    """Over documents that are not there and over those of the run before: without a cache, filling it, filled."""
    seen = []
    for options, over in ((WITHOUT, ""), (WITHOUT, "own"), ((), ""), ((), "own"), ((), "")):
        if not over:
            shutil.rmtree(project / "deployments", ignore_errors=True)
        said = run(project, tmp_path / "cache", *options)
        seen.append((said, contents(project.parent)))
    new, own, filling, known, filled = seen
    assert new[0][0] in (0, 1, 4), new[0]
    assert (filling, filled, known) == (new, new, own)
    assert (tmp_path / "cache/readiness").is_dir()


# The process that forks has read dynamodb_schemas itself, and remembers.
@pytest.mark.parametrize("name", ["many_faults"])
def test_an_example_gives_the_same(name: str, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / name, tmp_path / "work/project")
    same(tmp_path / "work/project", tmp_path)


@pytest.mark.parametrize("seed", [4])
def test_a_generated_project_gives_the_same(seed: int, tmp_path: Path) -> None:
    drafted = made(seed)
    root = write(drafted.files, tmp_path / "work/project", git=drafted.draft.git)
    shutil.rmtree(root / "deployments", ignore_errors=True)
    same(root, tmp_path)


def test_a_changed_file_counts(tmp_path: Path) -> None:
    project = tmp_path / "work/project"
    shutil.copytree(EXAMPLES / "dynamodb_schemas", project)
    run(project, tmp_path / "cache")
    main = project / "terraform/dynamodb/main.tf"
    main.write_text(main.read_text().replace("PAY_PER_REQUEST", "PROVISIONED", 1))
    shutil.copytree(project, tmp_path / "other/project")
    assert run(project, tmp_path / "cache") == run(tmp_path / "other/project", tmp_path / "cache", *WITHOUT)
    assert contents(project) == contents(tmp_path / "other/project")


def test_nothing_is_kept_when_it_is_not_wanted(tmp_path: Path) -> None:
    project = tmp_path / "work/project"
    shutil.copytree(EXAMPLES / "dynamodb_schemas", project)
    run(project, tmp_path / "cache", "--no-cache")
    run(project, tmp_path / "work/cache", "--no-cache")
    assert not (tmp_path / "cache").exists()
    run(project, project / "cache")
    assert not (project / "cache").exists()


def test_a_document_that_was_changed_is_still_refused(tmp_path: Path) -> None:
    project = tmp_path / "work/project"
    shutil.copytree(EXAMPLES / "dynamodb_schemas", project)
    for _ in range(2):
        run(project, tmp_path / "cache")
    document = project / "deployments/sit_dynamodb_schemas_summary.md"
    document.write_text(document.read_text().replace("# ", "# My own ", 1))
    code, _, complaint = run(project, tmp_path / "cache")
    assert code in (1, 5)
    assert "sit_dynamodb_schemas_summary.md" in complaint
    assert "My own" in document.read_text()


def test_what_a_cache_holds_has_no_word_of_a_file(tmp_path: Path) -> None:
    project = tmp_path / "work/project"
    shutil.copytree(EXAMPLES / "many_faults", project)
    (project / "terraform/tables/more.tf").write_text('locals {\n  a = csvdecode("a,b\\nwhatnobodyshallsee\\"x")\n}\n')
    run(project, tmp_path / "cache")
    held = b"".join(contents(tmp_path / "cache").values())
    assert len(held) > 10_000
    words = (b"billing_mode", b"hash_key", b"workflow_dispatch", b"backend-config", b"whatnobodyshallsee")
    assert not [word for word in words if word in held]


def test_large_files_are_left_out() -> None:
    assert results.MAX_TEXT < 1024 * 1024


def test_an_entry_of_another_class_is_met_once(tmp_path: Path) -> None:
    """Whoever writes into the folder of the user can seal what this tool would not: the next run does without it."""
    project, cache = tmp_path / "work/project", tmp_path / "cache"
    shutil.copytree(EXAMPLES / "many_faults", project)
    run(project, cache)
    (name,) = [path.name for path in (cache / "readiness").glob(f"{KIND}-*")]
    key = name.removeprefix(f"{KIND}-")
    kept = msgspec.msgpack.decode(Store(cache / "readiness").get(KIND, key) or b"", type=dict[str, bytes])
    forged = {one: Codec([]).encode(7, "") if one.startswith("terraform-") else data for one, data in kept.items()}
    assert forged != kept
    Store(cache / "readiness").put(KIND, key, msgspec.msgpack.encode(forged))
    shutil.rmtree(project / "deployments")
    assert run(project, cache)[0] == 70
    again, without = run(project, cache), run(project, cache, *WITHOUT)
    assert again == without
    assert again[0] in (0, 1, 4)
