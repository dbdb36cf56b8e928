"""What is kept of a set counts for the folder as it was left, told without reading it again."""

from pathlib import Path

from bbws_readiness.published.folder import list_folder
from bbws_readiness.render.frame import Document
from bbws_readiness.render.write import _PIECE, write_documents

TWIN = "sit_stores_assessment.json"
REPORT = "sit_stores_readiness_report.md"


def test_a_folder_that_was_written_is_known_without_being_read(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for documents in (
        (Document(REPORT, "# Grüße\n"), Document(TWIN, "{}\n")),
        (Document(TWIN, '"' + "ü" * _PIECE + '"\n'),),
    ):
        before = list_folder(folder, project=tmp_path, environment="sit", slug="stores")
        write_documents(folder, documents, project=tmp_path)
        after = list_folder(folder, project=tmp_path, environment="sit", slug="stores")
        told = before.with_written(documents)
        assert (told.files, told.names, told.prefix) == (after.files, after.names, after.prefix)
