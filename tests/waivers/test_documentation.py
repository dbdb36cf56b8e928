"""The examples of docs/waivers.md cover what the page says."""

import re
from pathlib import Path

from bbws_readiness.rulebooks import shipped_rulebook
from bbws_readiness.waivers.read import read_waivers
from tests.cases import each
from tests.waivers.test_placement import shown, source_of

PAGE = (Path(__file__).parents[2] / "docs" / "waivers.md").read_text()
EXAMPLE = re.compile(r"^`([\w.-]+)`: line (\d+) covers ([\w -]+)\.\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLES = EXAMPLE.findall(PAGE)
WORDS = {"nothing": "nothing", "the whole file": "file"}


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 8


@each(("file", "line", "covers", "text"), EXAMPLES, ids=[example[0] for example in EXAMPLES])
def test_example(file: str, line: str, covers: str, text: str) -> None:
    (found,), _ = read_waivers([source_of(file, text)])
    assert (found.at.line, found.directive.fault) == (int(line), "")
    assert shown(found.extent) == WORDS.get(covers, covers.rpartition(" ")[2])
    assert set(found.directive.names) <= {rule.slug for rule in shipped_rulebook().rules}
