"""Everything that the general checks can be asked about, by the word that rules use."""

from __future__ import annotations

from collections.abc import Mapping

from bbws_readiness.checks.nouns import documents, tables, terraform, workflows
from bbws_readiness.checks.nouns.noun import Field, Noun, Reading, Subject, read, shown

NOUNS: Mapping[str, Noun] = {
    noun.word: noun
    for noun in (tables.TABLE, tables.INDEX, tables.SCHEMA, *terraform.NOUNS, *workflows.NOUNS, *documents.NOUNS)
}
"""In the order of the documentation."""

__all__ = ["NOUNS", "Field", "Noun", "Reading", "Subject", "read", "shown"]
