"""The cache lies with the user, and never where a project could have put it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bbws_readiness.cache import keys
from bbws_readiness.cache.keys import key_of
from bbws_readiness.cache.whereabouts import cache_folder


def test_it_is_in_the_folder_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, project = tmp_path / "home", [tmp_path / "project"]
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache_folder({"HOME": str(home)}, project) == home / ".cache/readiness"
    assert cache_folder({"HOME": str(home), "XDG_CACHE_HOME": "relative"}, project) == home / ".cache/readiness"
    assert cache_folder({"XDG_CACHE_HOME": str(tmp_path / "xdg")}, project) == tmp_path / "xdg/readiness"
    assert cache_folder({}, project) is None
    assert cache_folder({"HOME": ""}, project) is None
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache_folder({"HOME": str(home)}, project) == home / "Library/Caches/readiness"


@pytest.mark.parametrize(
    ("cache", "project"),
    [
        ("checkout/project/.cache", "checkout/project"),
        ("checkout/.cache", "checkout/project"),
        ("linked/.cache", "checkout/project"),
        ("checkout/.cache", "linked/project"),
        ("cache", "cache/readiness/project"),
        ("cache", "cache/readiness"),
    ],
)
def test_it_is_none_that_a_project_could_have_brought(tmp_path: Path, cache: str, project: str) -> None:
    (tmp_path / "checkout/.git").mkdir(parents=True)
    (tmp_path / "checkout/project").mkdir()
    (tmp_path / "linked").symlink_to("checkout")
    environment = {"XDG_CACHE_HOME": str(tmp_path / cache)}
    assert cache_folder(environment, [tmp_path / "another", tmp_path / project]) is None
    assert cache_folder(environment, [tmp_path / "another"]) is not None


def test_a_checkout_holds_what_is_above_the_project_only_with_git(tmp_path: Path) -> None:
    environment = {"XDG_CACHE_HOME": str(tmp_path / "work/.cache")}
    (tmp_path / "work/project").mkdir(parents=True)
    assert cache_folder(environment, [tmp_path / "work/project"]) is not None
    (tmp_path / "work/.git").write_text("gitdir: elsewhere\n")
    assert cache_folder(environment, [tmp_path / "work/project"]) is None


def test_keys_tell_their_parts_apart() -> None:
    keys_of = [key_of("a", "b"), key_of("ab"), key_of("b", "a"), key_of("a", "b", ""), key_of(b"a", "c"), key_of()]
    assert len(set(keys_of)) == len(keys_of)
    assert key_of("a", "b") == key_of(b"a", b"b")


def test_an_installation_is_known_by_its_list_and_its_templates(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "bbws_readiness"
    (package / "_data/templates").mkdir(parents=True)
    record = tmp_path / f"bbws_readiness-{keys.bbws_readiness.__version__}.dist-info" / "RECORD"
    monkeypatch.setattr(keys.bbws_readiness, "__file__", str(package / "__init__.py"))
    seen = []
    for path in (None, record, package / "_data/templates/a.md.j2"):
        if path:
            path.parent.mkdir(exist_ok=True)
            path.write_text("new")
        keys._made_by.cache_clear()
        seen += [key_of("a"), key_of("a")]
    keys._made_by.cache_clear()
    assert seen[::2] == seen[1::2]
    assert len(set(seen)) == 3


def test_another_version_of_the_code_knows_nothing_of_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = key_of("a")
    for change in ("FORM", "__version__", "file", "library"):
        with monkeypatch.context() as changed:
            keys._made_by.cache_clear()
            match change:
                case "FORM":
                    changed.setattr(keys, "FORM", "other")
                case "__version__":
                    changed.setattr(keys.bbws_readiness, "__version__", "0.0.0")
                case "file":
                    (tmp_path / "new.py").touch()
                    changed.setattr(keys, "_files", lambda folder: [folder])
                case "library":
                    (tmp_path / "yaml-1.0.dist-info").mkdir()
                    changed.syspath_prepend(tmp_path)
            assert key_of("a") != before, change
    keys._made_by.cache_clear()
    assert key_of("a") == before
