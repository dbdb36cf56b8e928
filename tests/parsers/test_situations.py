"""Directories and words of commands are told as a real bash finds them, or not at all."""

from pathlib import Path
from typing import Any

from bbws_readiness.fact import Fact
from bbws_readiness.parsers.workflows import shell
from bbws_readiness.parsers.workflows.scope import Scope
from bbws_readiness.parsers.workflows.situations import Situated, situate
from bbws_readiness.source import Source
from tests.cases import each
from tests.data import data

CASES = data(Path(__file__).parent / "cases" / "shell_places.yaml")
SOURCE = Source("deploy.yml", "\n" * 100, 100, "")


def places(script: str) -> list[Situated]:
    """The terraform commands of the script."""
    read = shell.read(script)
    assert read.unread is None
    found = situate(read.commands, SOURCE, Fact("", SOURCE.at(1)), Scope({}))
    return [place for place in found if place.command.name == "terraform"]


def told(place: Situated) -> list[str | None]:
    """The directory and the words behind `terraform`; None for what is not known."""
    words = place.command.words[1:]
    facts = [place.scope.resolve(word.raw, SOURCE.at(word.line), in_shell=True) for word in words]
    said = [None if word.open else fact.or_none() for word, fact in zip(words, facts, strict=True)]
    directory = place.directory.or_none()
    return [None if directory is None else directory or ".", *said]


@each("case", CASES, ids=[case["script"] for case in CASES])
def test_what_is_known_is_what_bash_finds(case: dict[str, Any]) -> None:
    started = case["bash"]
    for place in places(case["script"]):
        known = told(place)
        answers = [answer for answer in started if answer[1] == known[1]]
        is_open = known[1] in case.get("open", ())
        assert (None in known) is is_open or not answers, known
        if None not in known:
            assert all(answer == known for answer in answers), (answers, known)
        elif len(known) == len(answers[0] if answers else ()):
            said = [(one, other) for answer in answers for one, other in zip(answer, known, strict=True) if other]
            assert all(one == other for one, other in said), (answers, known)


def test_they_stand_in_the_order_in_which_bash_starts_them() -> None:
    for case in CASES:
        found = [str(told(place)[1]) for place in places(case["script"])]
        first = list(dict.fromkeys(answer[1] for answer in case["bash"]))
        assert [name for name in found if name in first] == first, case["script"]
