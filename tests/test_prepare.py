"""What is made ready is the same each time, and nothing else is left behind."""

from pathlib import Path

from bbws_readiness.prepare import prepare
from bbws_readiness.resources import data_root


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        prepare(data_root(), tmp_path / name)
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("first", "second")
    )
    assert first == second
    assert set(first) == {"documents.py", "texts.py", "pages.py", "rules.msgpack", "patterns.msgpack"}
