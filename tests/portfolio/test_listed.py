"""portfolio.yaml: what it may say, what its patterns match, and where it must not lead."""

from pathlib import Path

import pytest

from bbws_readiness.errors import ConfigurationError
from bbws_readiness.portfolio.listed import read_portfolio

FOLDERS = ("services/a", "services/b", "services/b2", "services/.hidden", "tools", "ab/cd/ef")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FOLDERS:
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "services/readme.md").touch()
    (tmp_path / "linked").symlink_to(tmp_path / "tools")
    (tmp_path / "services/also").symlink_to(tmp_path / "tools")
    return tmp_path


def listed(folder: Path, text: str) -> list[str]:
    (folder / "portfolio.yaml").write_text(text)
    found = read_portfolio(folder / "portfolio.yaml")
    return [one.path.relative_to(folder).as_posix() for one in found.projects]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ("[tools, services/a]", ["tools", "services/a"]),
        ("[services/*]", ["services/a", "services/b", "services/b2"]),
        ("[services/b*, services/*]", ["services/b", "services/b2", "services/a"]),
        ("[services/*, services/a]", ["services/b", "services/b2", "services/a"]),
        ("['*/b']", ["services/b"]),
        ("['a*b/*d/e*']", ["ab/cd/ef"]),
        ("['services/.h*']", ["services/.hidden"]),
        ("[tools/]", ["tools"]),
        ("[nothing]", ["nothing"]),
        ("['t*', 'services/b*']\noutput: services/b2/", ["tools", "services/b"]),
        ("[{path: tools}, {path: services/a, config: a.yaml}]", ["tools", "services/a"]),
    ],
)
def test_projects_in_order(folder: Path, entries: str, expected: list[str]) -> None:
    assert listed(folder, f"projects: {entries}\n") == expected


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("projects: [../other]\n", 1, "a relative path below the folder of this file, without . or .."),
        ("projects: [./tools]\n", 1, "without . or .."),
        ("projects: [/etc]\n", 1, "a relative path below"),
        ("projects: [a/../../b]\n", 1, "a relative path below"),
        ("projects: [.]\n", 1, "a relative path below"),
        ("projects: ['**/a']\n", 1, "a relative path below"),
        ("projects: ['C:\\\\a']\n", 1, "a relative path below"),
        ('projects: ["a\\nb"]\n', 1, "a relative path below"),
        ("projects:\n  - tools\n  - linked\n", 3, "leads through a link"),
        ("projects:\n  - tools\n  - services/also\n", 3, "leads through a link"),
        ("projects:\n  - tools\n  - nothing/*\n", 3, 'no folder matches "nothing/*"'),
        ("projects:\n  - tools\n  - linked/*\n", 3, 'no folder matches "linked/*"'),
        ("projects:\n  - tools\n  - tools/\n", 3, '"tools" is listed twice'),
        ("projects: []\n", 1, "at least 1 entry"),
        ("project: [a]\n", 1, 'needs the key "projects"'),
        ("projects: [{paht: a}]\n", 1, 'did you mean "path"'),
        ("projects: [tools]\noutput: ../x\n", 2, "a relative path below"),
        ("projects: [tools]\noutput: linked/x\n", 2, "leads through a link"),
        ("projects: [tool*]\noutput: tools\n", 1, 'no folder matches "tool*"'),
        ("projects: [{path: tools, config: ../x.yaml}]\n", 1, "a relative path below"),
        ("projects: [{path: tools, plan-json: linked/x.json}]\n", 1, "leads through a link"),
        ("projects: [a\n", 2, "not valid YAML"),
        ("a: &a [*a]\n", 1, "alias"),
        ("", 1, ""),
    ],
)
def test_what_cannot_be_is_told_with_its_line(folder: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        listed(folder, text)
    first = str(raised.value).splitlines()[0]
    assert f"portfolio.yaml:{line}:" in first
    assert words in first


def test_everything_else_that_it_says(folder: Path) -> None:
    (folder / "portfolio.yaml").write_text(
        "projects: [{path: tools, config: a/c.yaml, promotion-plan: p.md, plan-json: p.json}]\noutput: out/all\n"
    )
    found = read_portfolio(folder / "portfolio.yaml")
    (one,) = found.projects
    assert (one.config, one.promotion_plan, one.plan_json) == (folder / "a/c.yaml", folder / "p.md", folder / "p.json")
    assert (found.folder, found.output) == (folder, folder / "out/all")


def test_thousands_may_be_written_out(folder: Path) -> None:
    names = [f"p{number}" for number in range(2000)]
    assert listed(folder, f"projects: [{', '.join(names)}]\n") == names


def test_a_list_that_is_a_link_is_not_read(folder: Path) -> None:
    (folder / "real.yaml").write_text("projects: [tools]\n")
    (folder / "portfolio.yaml").symlink_to(folder / "real.yaml")
    with pytest.raises(ConfigurationError, match="the list cannot be read"):
        read_portfolio(folder / "portfolio.yaml")
