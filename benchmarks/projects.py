"""Makes projects of any size from a seed, for the benchmarks and for whoever needs many:

    python -m benchmarks.projects FOLDER --projects 200 --broken 1
    python -m benchmarks.projects FOLDER --tables 1000
    python -m benchmarks.projects FOLDER --services 16

The same arguments give the same bytes. FOLDER must not exist, or be empty.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.configuration import frame, tables_files
from benchmarks.documents import plan, readme, schemas, settings, workflows
from benchmarks.drawn import AREAS, Table, drawn_tables, told
from benchmarks.services import services_files

ERRING = 0.05
"""How often a document says something else of a table than the Terraform does."""
TABLES_OF_A_SERVICE = 3
BROKEN = "readiness.yaml"
"""The file of a broken project that no program can read."""

Files = Mapping[str, str]
"""Texts by path."""


def tables_project(count: int, seed: int = 1) -> dict[str, str]:
    """One root module with `count` DynamoDB tables, and everything that stands beside it."""
    chance = random.Random(f"{seed} tables {count}")
    tables = drawn_tables(chance, count)
    return dict(tables_files(tables)) | _beside(f"tables_{count}", 1, tables, chance)


def services_project(count: int = 16, seed: int = 1) -> dict[str, str]:
    """A root that calls `count` modules of six files each: some 100 `.tf` files with 16 of them."""
    chance = random.Random(f"{seed} services {count}")
    tables = drawn_tables(chance, count * TABLES_OF_A_SERVICE, AREAS[:count])
    return dict(services_files(tables)) | _beside(f"services_{count}", 2, tables, chance)


def small_project(number: int, seed: int = 1) -> dict[str, str]:
    """One of many: one to four tables of its own. Every third one needs the one before it."""
    chance = random.Random(f"{seed} small {number}")
    drawn = drawn_tables(chance, chance.choice((1, 2, 2, 3, 4)), (AREAS[number % len(AREAS)],))
    tables = tuple(_renamed(table, number) for table in drawn)
    needs = (name_of(number - 1),) if number % 3 == 2 else ()
    return dict(tables_files(tables)) | _beside(name_of(number), number, tables, chance, needs)


def name_of(number: int) -> str:
    """The name of a small project, and of its folder."""
    return f"{AREAS[number % len(AREAS)]}_{number:05}"


def _renamed(table: Table, number: int) -> Table:
    return replace(table, name=f"{table.name}_{number:05}")


def _beside(
    project: str, number: int, tables: tuple[Table, ...], chance: random.Random, needs: tuple[str, ...] = ()
) -> dict[str, str]:
    return {
        **dict(frame(project)),
        **dict([plan(project, number, told(chance, tables, ERRING), needs)]),
        **dict(workflows(project)),
        **dict(schemas(told(chance, tables, ERRING))),
        **dict([readme(project, tables), settings(project)]),
        ".gitignore": "*.tfplan\n*.tfstate\n.terraform/\nplan-*.txt\noutputs-*.json\ndeployments/\n",
    }


def many_projects(count: int, *, broken: int = 0, seed: int = 1) -> Iterator[tuple[str, Files]]:
    """`count` small projects by name; the last `broken` ones have a readiness.yaml that nobody can read."""
    for number in range(count):
        files = small_project(number, seed)
        if number >= count - broken:
            files[BROKEN] = "environments: [\n"
        yield name_of(number), files


def write(files: Files, root: Path) -> Path:
    """The files below a folder, which is made if it is missing."""
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return root


def write_many(root: Path, count: int, *, broken: int = 0, seed: int = 1) -> list[Path]:
    """`many_projects`, each in a folder of its name below `root`; gives the folders in their order."""
    return [write(files, root / name) for name, files in many_projects(count, broken=broken, seed=seed)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--projects", type=int, help="this many small projects, each in a folder of its own")
    what.add_argument("--tables", type=int, help="one project with this many tables")
    what.add_argument("--services", type=int, help="one project with this many modules of six files")
    parser.add_argument("--broken", type=int, default=0, help="of the small projects, this many cannot be read")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    folder: Path = options.folder
    if folder.exists() and any(folder.iterdir()):
        sys.exit(f"{folder}: is not empty; name a new folder")
    if options.projects is not None:
        write_many(folder, options.projects, broken=options.broken, seed=options.seed)
    elif options.tables is not None:
        write(tables_project(options.tables, options.seed), folder)
    else:
        write(services_project(options.services, options.seed), folder)


if __name__ == "__main__":
    main()
