"""Code made of a template beforehand gives the bytes that Jinja gives, and is used only where it is the template's."""

import shutil
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import UndefinedError
from msgspec.structs import replace

from bbws_readiness.prepare import prepare
from bbws_readiness.render import documents
from bbws_readiness.render.templates import PURPOSES, Purpose, Templates
from bbws_readiness.render.templates.making import module_of
from bbws_readiness.resources import data_root
from tests.example import assessed
from tests.render import sample

SHIPPED = data_root() / "templates"
PURPOSE = Purpose(name="trial", patterns=("*.j2",), filters=("loud",))
PARTS = {
    "part.j2": "[{{ one }}]\n",
    "outer.j2": '{% include "part.j2" %}',
    "macro.j2": "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}{{ twice(one) }}",
    "over.j2": '{% include "macro.j2" %}',
}
VALUES = {
    "one": "a<b",
    "few": ["x", "y", "z"],
    "empty": [],
    "view": SimpleNamespace(title="T", rows=[["p", "q"], ["r"]], nothing=None, count=0),
    "known": {"title": "of a mapping", "items": 1},
}


def loud(value: object) -> str:
    return f"{value}!"


def shouted(value: object) -> str:
    return str(value).upper()


@pytest.fixture
def ways(tmp_path: Path) -> tuple[Templates, Templates]:
    """The trial templates by code made beforehand, and by Jinja."""
    for name, content in PARTS.items():
        (tmp_path / name).write_text(content)
    return trial(tmp_path), trial(tmp_path, prepared=tmp_path / "nothing")


def trial(folder: Path, prepared: Path | None = None) -> Templates:
    return Templates(PURPOSE, shouted, {"loud": loud}, folder=folder, prepared=prepared or folder)


def make(folder: Path) -> None:
    # Byte code is told from a newer file by size and second.
    shutil.rmtree(folder / "__pycache__", ignore_errors=True)
    (folder / "trial.py").write_text(module_of(PURPOSE, folder))


ALIKE = [
    "plain",
    "{{ one }} and {{ view.title }}\n",
    "{% for each in few %}{{ loop.index }}{{ loop.index0 }}{{ loop.last }}{% endfor %}",
    "{% for each in few %}{{ loop.first }}{{ loop.length }}{% endfor %}",
    "{% for each in few %}\n{{ each }}\n{% endfor %}\n{% for each in empty %}\n{{ each }}\n{% else %}\n0\n{% endfor %}",
    "{% for row in view.rows %}{% for cell in row %}{{ loop.index }}{{ cell }}{% endfor %}{{ loop.last }}{% endfor %}",
    "{% if view.count %}1{% elif view.title %}2{% else %}3{% endif %}{{ 'yes' if few else 'no' }}",
    "{% if view.nothing is none %}none{% endif %}{{ few | length }}{{ one | upper }}{{ one | loud }}{{ 'c' | loud }}",
    "{{ one ~ view.count ~ '-' ~ (few | length) }}{{ few[1] }}{{ known['title'] }}{{ known.title }}",
    "a\n  {% if one %}\n  b\n  {% endif %}\nc {%- if one %} d{% endif +%}\ne\n\n",
    '{% include "part.j2" %}{% include "outer.j2" %}',
    '{% for one in few %}{% include "part.j2" %}{% endfor %}',
    "{% for one in few if one != 'y' %}{{ loop.index }}{{ one }}{% endfor %}{{ one }}",
    "{{ '{{' }} {# no #} {% raw %}{{ raw }}{% endraw %} \\ \" ' é 😀",
]


@pytest.mark.parametrize("template", ALIKE)
def test_both_ways_give_the_same(tmp_path: Path, ways: tuple[Templates, Templates], template: str) -> None:
    (tmp_path / "tried.j2").write_text(template)
    make(tmp_path)
    ready, jinja = ways
    assert ready.is_ready("tried.j2")
    assert not jinja.is_ready("tried.j2")
    assert ready.fill("tried.j2", VALUES) == jinja.fill("tried.j2", VALUES)


@pytest.mark.parametrize(
    "template", ["{{ absent }}", "{{ view.absent }}", "{{ few[9] }}", "{{ known.absent }}{{ one }}"]
)
def test_both_ways_miss_the_same(tmp_path: Path, ways: tuple[Templates, Templates], template: str) -> None:
    (tmp_path / "tried.j2").write_text(template)
    make(tmp_path)
    for way in ways:
        with pytest.raises(UndefinedError):
            way.fill("tried.j2", VALUES)
    assert ways[0].is_ready("tried.j2")


NEEDS_MORE = [
    "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}{{ twice(one) }}",
    '{% import "macro.j2" as kept %}{{ kept.twice(1) }}',
    "{% block a %}b{% endblock %}",
    '{% extends "part.j2" %}',
    "{% set two = one %}{{ two }}",
    "{{ 'a' if none }}",
    "{% for n in range(3) %}{{ n }}{% endfor %}",
    "{% for each in few %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for each in few %}{{ loop }}{% endfor %}",
    "{% for each in few %}{{ loop['cycle'] }}{% endfor %}",
    "{{ loop.index }}",
    "{{ few | join(', ') }}",
    "{% if absent is defined %}1{% endif %}",
    "{% include one %}",
    '{% include "over.j2" %}',
    '{% include "elsewhere.j2" ignore missing %}',
]


@pytest.mark.parametrize("template", NEEDS_MORE)
def test_what_needs_more_than_we_have_is_left_to_jinja(tmp_path: Path, ways: object, template: str) -> None:
    (tmp_path / "tried.j2").write_text(template)
    make(tmp_path)
    assert not trial(tmp_path).is_ready("tried.j2")
    assert trial(tmp_path).is_ready("outer.j2")


def test_a_change_is_seen_at_once(tmp_path: Path, ways: object) -> None:
    make(tmp_path)
    (tmp_path / "part.j2").write_text("({{ one }})\n")
    assert trial(tmp_path).fill("outer.j2", {"one": "a"}) == "(A)"
    make(tmp_path)
    assert trial(tmp_path).is_ready("outer.j2")
    assert trial(tmp_path).fill("outer.j2", {"one": "a"}) == "(A)"


def test_code_that_would_be_made_otherwise_today_is_not_used(tmp_path: Path, ways: object) -> None:
    make(tmp_path)
    module = tmp_path / "trial.py"
    module.write_text(module.read_text().replace('MAKERS = "', 'MAKERS = "0'))
    assert not trial(tmp_path).is_ready("part.j2")
    make(tmp_path)
    otherwise = replace(PURPOSE, keep_trailing_newline=True)
    assert not Templates(otherwise, str, {"loud": loud}, folder=tmp_path, prepared=tmp_path).is_ready("part.j2")


SPOILT: dict[str, Callable[[str], str]] = {
    "cut": lambda text: text[:-20],
    "cut at a line": lambda text: text[: text.index("TEMPLATES")],
    "empty": lambda _: "",
    "of another runtime": lambda text: text.replace("str_join", "string_join"),
    "other words": lambda text: text.replace("'['", "'('"),
    "of somebody else": lambda text: f"raise SystemExit(3)\n{text}",
    "below the seal": lambda text: text.replace("\n", "\nraise SystemExit(3)\n", 1),
}


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=SPOILT)
def test_a_spoilt_module_is_not_run(tmp_path: Path, ways: object, spoilt: Callable[[str], str]) -> None:
    make(tmp_path)
    module = tmp_path / "trial.py"
    before = module.read_text()
    module.write_text(spoilt(before))
    assert module.read_text() != before
    assert trial(tmp_path).fill("outer.j2", VALUES) == "[A<B]"
    assert not trial(tmp_path).is_ready("outer.j2")


def test_a_module_that_cannot_be_read_is_none(tmp_path: Path, ways: object) -> None:
    (tmp_path / "trial.py").mkdir()
    assert trial(tmp_path).fill("outer.j2", VALUES) == "[A<B]"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    prepare(data_root(), folder)
    return folder


def test_there_is_code_of_every_template_but_those_of_the_page(prepared: Path) -> None:
    ready = [Templates(purpose, str, {}, prepared=prepared) for purpose in PURPOSES]
    found = {path.relative_to(SHIPPED).as_posix() for path in SHIPPED.rglob("*.j2")}
    assert found == {name for name in found if any(one.is_ready(name) for one in ready)}


def test_our_documents_are_the_same_both_ways(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: set[str] = set()
    usual = Templates.fill

    @cache
    def made(one: Templates) -> list[Templates]:
        known = one._purpose, one._finalize, one._filters
        return [Templates(*known, prepared=folder) for folder in (prepared, prepared / "nothing")]

    def both(self: Templates, name: str, values: Mapping[str, object]) -> str:
        tried.add(name)
        assert [one.is_ready(name) for one in made(self)] == [True, False]
        first, second = (usual(one, name, values) for one in made(self))
        assert first == second
        return first

    monkeypatch.setattr(Templates, "fill", both)
    for state in (assessed("b"), *(make() for make in sample.STATES.values())):
        documents.render_documents(state)
    assert tried >= {kind.template for kind in documents.DOCUMENTS} | {"snippets/backup.tf.j2"}
