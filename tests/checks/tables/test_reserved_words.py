"""The words that DynamoDB reserves are those that its imitation refuses."""

from importlib.resources import files

from bbws_readiness.checks.tables.reserved_words import RESERVED


def test_they_are_those_of_an_imitation_of_the_service() -> None:
    listed = (files("moto") / "dynamodb" / "parsing" / "reserved_keywords.txt").read_text("utf-8")
    assert set(listed.split()) == RESERVED
    assert len(RESERVED) == 573
