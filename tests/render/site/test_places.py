"""Where a cited line is found: on GitHub at the commit, beside the pages, or nowhere."""

from typing import Any

from msgspec.structs import replace

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.render.site.places import Places, places_of
from bbws_readiness.source import Location
from tests.cases import each
from tests.render.sample import at, blocked

COMMIT = "c0ffee" + "0" * 34
BESIDE = "../../../a%20b.tf#L3"

REMOTES = {
    "https://github.com/acme/shipments.git": "https://github.com/acme/shipments",
    "https://github.com/acme/shipments": "https://github.com/acme/shipments",
    "git@github.com:acme/shipments.git": "https://github.com/acme/shipments",
    "ssh://git@github.com/acme/shipments.git": "https://github.com/acme/shipments",
    "https://acme.ghe.com/acme/shipments": "https://acme.ghe.com/acme/shipments",
    "https://github.com.evil.example/acme/shipments": "",
    "https://gitlab.com/acme/shipments": "",
    "file:///srv/shipments": "",
}


def placed(remote: str, *, commit: object = COMMIT, changed: object = (), configured: str = "") -> str:
    """The address of a line of a project with these facts, from pages in deployments/site/sit."""
    known = blocked()
    repository = known.model.repository
    assert repository
    facts = replace(
        repository,
        remote=fact(remote or Unknown("no remote")),
        commit=fact(commit),
        changed_files=fact(changed),
    )
    model = replace(known.model, repository=facts)
    assessment = replace(known, model=model, config=replace(known.config, repository=configured))
    return places_of(assessment, "deployments/site/sit").address(at("a b.tf", 3))


def fact(value: object) -> Fact[Any]:
    return Fact(value, at(".git", 0))


@each("remote", REMOTES)
def test_only_github_is_linked_to(remote: str) -> None:
    expected = f"{REMOTES[remote]}/blob/{COMMIT}/a%20b.tf#L3" if REMOTES[remote] else BESIDE
    assert placed(remote) == expected


def test_a_line_that_the_commit_does_not_have_is_found_beside_the_pages() -> None:
    remote = "https://github.com/acme/shipments"
    assert placed(remote, changed=("a b.tf",)) == BESIDE
    assert placed(remote, changed=Unknown("git is not there")) == BESIDE
    assert placed(remote, commit=Unknown("no commit yet")) == BESIDE


def test_the_configuration_names_the_repository_when_git_does_not() -> None:
    assert placed("", configured="acme/shipments") == f"https://github.com/acme/shipments/blob/{COMMIT}/a%20b.tf#L3"
    assert placed("", configured="../shipments") == BESIDE
    assert placed("") == BESIDE


def test_pages_outside_of_the_project_have_no_way_to_its_files() -> None:
    assert Places().address(at("main.tf", 3)) == ""
    assert Places(up="..").address(at("main.tf", 0)) == "../main.tf"
    for path in (".git/config", "../other/main.tf", "/etc/passwd", "", "."):
        assert Places("https://github.com/o/r/blob/c/", up="..").address(Location(path, 1)) == "", path
