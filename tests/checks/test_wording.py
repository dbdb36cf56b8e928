"""What every subject repeats about the others stays short, however many they are."""

from bbws_readiness.checks.wording import MOST_NAMED, few, listed, others
from bbws_readiness.engine.finding import Related
from bbws_readiness.source import Location, SourceKind
from tests.cases import each

NAMES = [f"table_{number:03}" for number in range(MOST_NAMED + 2)]


@each("number", [0, 1, MOST_NAMED])
def test_some_names_are_all_told(number: int) -> None:
    assert few(NAMES[:number]) == listed(NAMES[:number])


@each(("number", "more"), [(MOST_NAMED + 1, "and 1 more"), (MOST_NAMED + 2, "and 2 more")])
def test_many_names_are_counted(number: int, more: str) -> None:
    assert few(reversed(NAMES[:number])) == f"{', '.join(NAMES[:MOST_NAMED])} {more}"


@each(("number", "last"), [(MOST_NAMED, "table_023"), (MOST_NAMED + 2, "table_023 and 2 more")])
def test_places_of_many_are_counted(number: int, last: str) -> None:
    places = [(Location("main.tf", line), name) for line, name in enumerate(NAMES[:number], 1)]
    told = others(places, SourceKind.TERRAFORM)
    assert told[0] == Related(Location("main.tf", 1), "terraform: table_000")
    assert told[-1] == Related(Location("main.tf", MOST_NAMED), f"terraform: {last}")


def test_nothing_is_no_place() -> None:
    assert others([], SourceKind.TERRAFORM) == ()
