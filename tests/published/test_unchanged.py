"""What is kept of a set counts for the folder as it was left, told without reading it again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bbws_readiness.process import environment
from bbws_readiness.published.folder import list_folder
from bbws_readiness.render.frame import PIECE, Document, LongDocument
from bbws_readiness.render.write import write_documents
from bbws_readiness.source import Source

TWIN = "sit_stores_assessment.json"
REPORT = "sit_stores_readiness_report.md"
LONG = ('{"a": "', "ü" * PIECE, '\ud800"', "}\n")


def long() -> LongDocument:
    return LongDocument(TWIN, lambda: iter(LONG))


def digests(folder: Path) -> dict[str, str]:
    found = list_folder(folder, project=folder.parent, environment="sit", slug="stores").files
    return {name: read.sha256 for name, read in found.items() if isinstance(read, Source)}


def test_a_document_knows_the_digest_of_its_file(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for documents in ((Document(REPORT, "# Grüße\n"), Document(TWIN, "".join(LONG))), (long(),)):
        before = {one.path: one.sha256 for one in documents}
        write_documents(folder, documents, project=tmp_path)
        assert digests(folder).items() >= before.items()
        assert {one.path: one.sha256 for one in documents} == before


def test_a_long_document_is_made_once_to_be_written_and_told_by_its_digest(tmp_path: Path) -> None:
    made = []

    def pieces() -> Iterator[str]:
        made.append(1)
        yield from LONG

    document = LongDocument(TWIN, pieces)
    write_documents(tmp_path / "out", (document,), project=tmp_path)
    assert digests(tmp_path / "out") == {TWIN: document.sha256}
    assert len(made) == 1


def test_a_credential_between_two_pieces_is_withheld(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_values", ["hunter2hunter2"])
    monkeypatch.setattr(environment, "_pattern", None)
    document = LongDocument(TWIN, lambda: iter(("{hunter2", "hunter2}")))
    write_documents(tmp_path / "out", (document,), project=tmp_path)
    monkeypatch.setattr(environment, "_pattern", None)
    assert (tmp_path / "out" / TWIN).read_text() == "{(withheld)}"
