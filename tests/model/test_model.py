"""What a model tells of the files of its project."""

from bbws_readiness.model.model import Model
from tests.cases import each


@each(
    ("files", "folders"),
    [
        ((), set()),
        (("README.md",), {""}),
        (("a/b/c.tf",), {"a", "a/b"}),
        (("README.md", "a/b/c.tf", "a/d.tf", "ab/c.tf"), {"", "a", "a/b", "ab"}),
    ],
)
def test_folders_hold_files_directly_or_further_down(files: tuple[str, ...], folders: set[str]) -> None:
    model = Model("sit", ("sit",), files=files)
    assert model.folders == folders
    assert model.paths == set(files)
