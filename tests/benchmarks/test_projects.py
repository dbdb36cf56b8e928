"""The generated projects are the same for the same seed, and nothing in them is a fault of reading."""

from datetime import datetime
from pathlib import Path

import pytest

from bbws_readiness.errors import ReadinessError
from bbws_readiness.pipeline import assess_project
from benchmarks.projects import (
    BROKEN,
    Files,
    many_projects,
    name_of,
    services_project,
    small_project,
    tables_project,
    write,
    write_many,
)

AS_OF = datetime(2026, 1, 7, 9, 0)


def test_the_same_seed_makes_the_same_bytes() -> None:
    for make in (tables_project, services_project, small_project):
        assert make(5, 7) == make(5, 7)
        assert make(5, 7) != make(5, 8)
    assert list(many_projects(4, broken=1)) == list(many_projects(4, broken=1))


@pytest.mark.parametrize(
    ("files", "tables"),
    [(tables_project(9), 9), (services_project(2), 6), (small_project(2), None)],
    ids=["tables", "services", "small"],
)
def test_a_project_is_read_without_a_fault(files: Files, tables: int | None, tmp_path: Path) -> None:
    root = write(files, tmp_path / "project")
    assessment = assess_project(root, "sit", as_of=AS_OF)
    assert [str(one) for one in assessment.model.diagnostics] == []
    schemas = [path for path in files if path.startswith("schemas/")]
    assert len(assessment.model.terraform_tables or ()) == len(schemas) == (tables or len(schemas))


def test_many_are_different_and_one_needs_the_one_before_it() -> None:
    made = dict(many_projects(6))
    assert list(made) == [name_of(number) for number in range(6)]
    assert len({tuple(files) for files in made.values()}) == 6
    plan = next(text for path, text in made[name_of(5)].items() if path.startswith("promotions/"))
    assert f"**Dependencies:** {name_of(4)}\n" in plan


def test_broken_ones_cannot_be_assessed(tmp_path: Path) -> None:
    folders = write_many(tmp_path, 3, broken=1)
    assert [(folder / BROKEN).read_text() == "environments: [\n" for folder in folders] == [False, False, True]
    with pytest.raises(ReadinessError, match=BROKEN):
        assess_project(folders[-1], "sit", as_of=AS_OF)
