"""Whole documents of the example under each reading, pinned; `--update-golden` renews them on purpose."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bbws_readiness.config import load_config
from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.documents import DOCUMENTS, Document, render_documents
from tests.cases import each
from tests.conftest import GOLDEN
from tests.example import (
    AS_OF,
    EXAMPLE,
    MANY_FAULTS,
    OTHERS,
    OTHERS_AS_OF,
    READINGS,
    ROOT,
    commit_all,
    copy_example,
    copy_other,
)
from tests.render.corrections import pair
from tests.render.oracle import READER

Golden = Callable[[str, str], None]


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], tuple[Document, ...]]]:
    """The documents of one reading, from a clean checkout of the example; each reading is assessed once."""
    project = copy_example(tmp_path_factory.mktemp("example"), readings=True)
    commit_all(project)
    known: dict[str, tuple[Document, ...]] = {}

    def of(reading: str) -> tuple[Document, ...]:
        if reading not in known:
            config = load_config(EXAMPLE, path=READINGS[reading])
            known[reading] = render_documents(assess_project(project, "sit", as_of=AS_OF, config=config))
        return known[reading]

    yield of


@each("key", [kind.key for kind in DOCUMENTS])
@each("reading", READINGS)
def test_document_is_as_pinned(
    reading: str, key: str, documents: Callable[[str], tuple[Document, ...]], golden: Golden
) -> None:
    position = [kind.key for kind in DOCUMENTS].index(key)
    document = documents(reading)[position]
    golden(f"{reading}/{document.path}", document.text)


@pytest.mark.parametrize("reading", READINGS)
def test_every_link_leads_to_a_file(reading: str, documents: Callable[[str], tuple[Document, ...]]) -> None:
    """Relative to `deployments` in the example: siblings are documents of the set, all else lies in the project."""
    siblings = {document.path: document.text for document in documents(reading)}
    siblings["sit_dynamodb_schemas_assessment.json"] = ""
    for document in documents(reading):
        for target in links(document.text):
            path, _, fragment = target.partition("#")
            if path in siblings:
                assert not fragment or fragment in anchors(siblings[path]), (document.path, target)
                continue
            assert path.startswith("../"), (document.path, target)
            assert (EXAMPLE / Path(path).relative_to("..")).exists(), (document.path, target)


CORRECTION = "correction"


def test_the_correction_notice_is_as_pinned(tmp_path: Path, golden: Golden) -> None:
    made = pair(tmp_path)
    *_, notice, _ = render_documents(made.after, surroundings=made.surroundings)
    golden(f"{CORRECTION}/{notice.path}", notice.text)


PINNED_OF_OTHERS = ("report", "summary")


@pytest.mark.parametrize("name", OTHERS)
def test_documents_without_tables_are_as_pinned(name: str, tmp_path: Path, golden: Golden) -> None:
    project = copy_other(name, tmp_path)
    commit_all(project)
    assessment = assess_project(project, "sit", as_of=OTHERS_AS_OF, config=load_config(project))
    for kind, document in zip(DOCUMENTS, render_documents(assessment), strict=True):
        if kind.key in PINNED_OF_OTHERS:
            golden(f"{name}/{document.path}", document.text)
        for target in links(document.text):
            if target.startswith("../"):
                path = Path(target.partition("#")[0]).relative_to("..")
                assert (ROOT / "examples" / name / path).exists(), (document.path, target)


def anchors(text: str) -> set[str]:
    """The fragments that GitHub gives the headings."""
    tokens = READER.parse(text)
    headings = [tokens[place + 1].content for place, token in enumerate(tokens) if token.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(text: str) -> set[str]:
    found = set()
    for token in READER.parse(text):
        for child in token.children or ():
            if child.type == "link_open":
                found.add(str(child.attrs["href"]))
    return found


def test_nothing_is_pinned_twice() -> None:
    pinned = {path.parent.name for path in GOLDEN.glob("*/*.md")}
    assert pinned <= {*READINGS, *OTHERS, CORRECTION, MANY_FAULTS.name, "portfolio"}
