"""Results of a run of the benchmarks that nobody has measured."""

from collections.abc import Mapping

from benchmarks.measure import Race, Sample
from benchmarks.results import MB, Results

Figures = Mapping[str, Mapping[str, list[tuple[float, float]]]]
"""By case and contestant: seconds and megabytes of each round."""


def results(figures: Figures) -> Results:
    """Where processor time is half of the wall clock."""
    return Results(
        {
            case: Race(
                {
                    name: tuple(Sample(wall, wall / 2, int(peak * MB)) for wall, peak in rounds)
                    for name, rounds in found.items()
                }
            )
            for case, found in figures.items()
        }
    )
