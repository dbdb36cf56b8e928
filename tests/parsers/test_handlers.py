"""What AWS Lambda could be told to call, read from Python that is never run."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bbws_readiness.parsers.handlers import MAX_FILES, Code, read_handlers
from bbws_readiness.reader import Reader
from tests.cases import each
from tests.terraform.memory import MemoryFiles

CASES = {
    "def handler(event, context): pass": [("handler", True)],
    "def handler(event, _context): pass": [("handler", True)],
    "def render(invoice, colour): pass": [("render", False)],
    "def handler(event): pass": [("handler", False)],
    "async def handler(event, context): pass": [("handler", False)],
    "class Handler:\n    def handle(self, context): pass": [("Handler", False)],
    "from app import handler": [("handler", False)],
    "import app.orders as orders": [("orders", False)],
    "import app.orders": [("app", False)],
    "handler = Mangum(app)": [("handler", False)],
    "handler: object = app": [("handler", False)],
    "def handler(event, context): pass\nhandler = traced(handler)": [("handler", False)],
    "if True:\n    def handler(event, context): pass": [],
    "def checked(event, context): pass\ndef handler(event, context): checked(event, context)": [
        ("checked", False),
        ("handler", True),
    ],
    "def handler(event, context): pass\nif __name__ == '__main__':\n    handler({}, None)": [("handler", True)],
}


def read(files: dict[str, str]) -> Code:
    return read_handlers(MemoryFiles(files), sorted(files))


@each(("text", "found"), CASES.items())
def test_names_at_the_top_of_a_file(text: str, found: list[tuple[str, bool]]) -> None:
    code = read({"src/orders.py": text})
    assert [(one.name.get(), one.takes_event) for one in code.handlers] == found
    assert code.unread == []


@each("text", ["def handler(", "x = " + "(" * 500, "a\0b", "from app import *"])
def test_what_may_hold_more_is_told(text: str) -> None:
    assert [str(at) for at in read({"src/orders.py": text}).unread] == ["src/orders.py"]


def test_tests_and_scripts_are_not_deployed() -> None:
    text = "def handler(event, context): pass"
    code = read({"tests/test_orders.py": text, "scripts/smoke.py": text, "src/a.py": text, "src/readme.md": text})
    assert [one.reference for one in code.handlers] == ["src/a.handler"]


def test_a_project_of_too_many_files_is_not_read_whole() -> None:
    code = read({f"src/f{number:04}.py": "def handler(event, context): pass" for number in range(MAX_FILES + 2)})
    assert len(code.handlers) == MAX_FILES
    assert len(code.unread) == 2


def test_nothing_is_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    (tmp_path / "a.py").write_text(f"open({str(marker)!r}, 'w')\ndef handler(event, context): pass\n")
    assert len(read_handlers(Reader(tmp_path), ["a.py"]).handlers) == 1
    assert not marker.exists()


@given(st.text(max_size=300))
def test_any_text_is_read_or_told(text: str) -> None:
    read({"a.py": text})
