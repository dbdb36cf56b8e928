"""What each command may load: a library or a part of ours that it does not need would be waited for at every start."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bbws_readiness.process.processors import available
from tests.example import EXAMPLE

RUNNER = """
import sys
before = set(sys.modules)
out = sys.argv[1]
sys.argv[:] = ["readiness", *sys.argv[2:]]
from bbws_readiness.__main__ import main
try:
    main()
finally:
    loaded = {name: getattr(sys.modules[name], "__file__", None) for name in sys.modules if name not in before}
    import json
    with open(out, "w") as file:
        json.dump(loaded, file)
"""

CLICK = frozenset({"click"})
STRUCTS = CLICK | {"msgspec"}
CODE = STRUCTS | {"tree_sitter", "tree_sitter_bash", "yaml"}
READING = CODE | {"markdown_it", "mdurl"}

SLOW = frozenset(
    {
        *("argparse", "asyncio", "concurrent", "configparser", "csv", "ctypes", "curses", "difflib", "email", "http"),
        *("importlib.resources", "logging", "multiprocessing", "pickle", "pprint", "random", "sqlite3", "ssl"),
        *("string", "subprocess", "tempfile", "unittest", "xml", "zipfile", "zoneinfo"),
    }
)
"""Parts of the standard library that take long to load, or that only few runs need."""

WORKING = ("assess", "checks", "engine", "model", "parsers", "pipeline", "terraform")
PRINTING = ("render.views", "render.site", "render.generate", "published", "compare.compare")
ELSEWHERE = (
    # What judges roles, buckets and functions, waivers and decisions, other projects and other revisions.
    *("checks.access", "checks.portfolio", "checks.resources.buckets", "checks.resources.functions"),
    *("checks.nouns.documents", "checks.nouns.terraform", "checks.nouns.workflows", "checks.tables.replicas"),
    *("parsers.access.declared", "parsers.access.inside", "terraform.policy_document", "parsers.workflows.makefiles"),
    *("waivers.apply", "waivers.layout", "decisions.settle", "siblings.footprint", "config.base", "git.tree"),
    *("compare.changes", "compare.shape", "engine.own_rules", "engine.rule_files", "cli.compared", "github"),
)
"""Of ours what a run does not need because the example has no such thing."""

LOADS: dict[str, tuple[str, frozenset[str], frozenset[str], tuple[str, ...]]] = {
    # What is typed after `readiness`, the libraries that it may load, of SLOW what it may, of ours what it must not.
    "version": ("--debug --version", frozenset(), frozenset(), ("cli.main", "codes", "errors", "patterns")),
    "help": ("--help", CLICK, frozenset(), ("codes", "errors", "render", *WORKING)),
    "wrong": ("assess sit --nonsense", STRUCTS, frozenset({"difflib", "random", "string"}), (*WORKING, *PRINTING)),
    "completion": ("completion bash", STRUCTS, frozenset(), (*WORKING, *PRINTING)),
    "schema": ("schema assessment", STRUCTS, frozenset(), (*WORKING, *PRINTING)),
    "settings": ("config schema", STRUCTS, frozenset(), (*WORKING, *PRINTING)),
    "show": ("config show", STRUCTS | {"yaml"}, frozenset({"random", "string"}), ("parsers", *PRINTING)),
    "explain": ("explain {rule}", STRUCTS, frozenset({"random", "string"}), ("published", "cli.publishing")),
    "inventory": ("inventory sit {project}", READING, frozenset({"logging", "string"}), PRINTING),
    "console": ("console sit {project}", READING, frozenset({"logging", "string"}), PRINTING),
    "alone": (
        "assess sit {project} -q --no-cache --output-dir {elsewhere}",
        READING,
        frozenset({"difflib", "logging", "string"}),
        ("render.site", "render.terminal", "process.second", *ELSEWHERE),
    ),
    # A second process reads the documents, where there is a processor for it.
    "assess": (
        "assess sit {project} -q",
        CODE if available() > 1 else READING,
        frozenset({"difflib", "string"} if available() > 1 else {"difflib", "logging", "string"}),
        ("render.site", "render.terminal", *ELSEWHERE),
    ),
    "again": (
        "assess sit {project} -q",
        STRUCTS,
        frozenset({"difflib", "string"}),
        ("render.site", "render.views", "render.terminal", "parsers.workflows.shell", "process.second", *ELSEWHERE),
    ),
    "portfolio": (
        "portfolio sit {project} -q --jobs 1",
        READING,
        frozenset({"difflib", "logging", "pickle", "string", "subprocess"}),
        ("render.site", "github", "workers.cluster"),
    ),
}


Loaded = dict[str, str | None]
"""Every module that a command has loaded, with its file."""


def loaded_by(words: str, folder: Path, key: str) -> Loaded:
    """What the command loads; `again` finds the cache that `assess` has left, every other an empty one."""
    out = folder / f"{key}.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("READINESS_")}
    environment["XDG_CACHE_HOME"] = str(folder / "cache" / ("assess" if key == "again" else key))
    values = {"rule": "DUR001", "project": folder / EXAMPLE.name, "elsewhere": folder / "elsewhere"}
    arguments = [word.format(**values) for word in words.split()]
    subprocess.run(
        [sys.executable, "-I", "-c", RUNNER, str(out), *arguments],
        input="",
        cwd=folder / EXAMPLE.name,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        text=True,
    )
    found: Loaded = json.loads(out.read_text())
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the example and a cache, which `assess` fills for `again`."""
    made = tmp_path_factory.mktemp("loads")
    shutil.copytree(EXAMPLE, made / EXAMPLE.name, ignore=shutil.ignore_patterns("deployments", "readings"))
    return made


def libraries(loaded: Loaded) -> set[str]:
    """What is of neither Python nor ours, and has a file."""
    names = {name.partition(".")[0] for name, file in loaded.items() if file}
    return names - sys.stdlib_module_names - {"bbws_readiness"}


@pytest.mark.parametrize("key", LOADS)
def test_a_command_loads_what_it_needs(key: str, folder: Path) -> None:
    words, allowed, slow, never = LOADS[key]
    if key == "again" and not (folder / "assess.json").exists():
        loaded_by(words, folder, "assess")
    loaded = loaded_by(words, folder, key)
    assert "bbws_readiness.cli.version" in loaded
    assert libraries(loaded) - allowed == set(), "libraries"
    assert SLOW & set(loaded) - slow == set(), "of the standard library"
    ours = tuple(f"bbws_readiness.{name}" for name in never)
    assert [name for name in loaded if name in ours or name.startswith(tuple(f"{one}." for one in ours))] == []
