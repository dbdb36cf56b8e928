"""Everything that the general checks can be asked about, by the word that rules use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from bbws_readiness.checks.nouns.noun import Field, Noun, Reading, Subject, read, shown

_WORDS: Mapping[str, str] = {
    "tables": "table index schema",
    "terraform": "resource data-source tag variable setting output backend terraform provider remote-module",
    "workflows": "workflow job step",
    "documents": "plan contact script readme file repository change",
}
"""Each module of this folder with its nouns."""


class _Nouns(Mapping[str, Noun]):
    """Loads a module when one of its nouns is looked up; the rules of a run ask about few."""

    def __init__(self) -> None:
        self._modules = {word: module for module, words in _WORDS.items() for word in words.split()}
        self._loaded: dict[str, Noun] = {}

    def __getitem__(self, word: str) -> Noun:
        if word not in self._loaded:
            module = import_module(f"{__name__}.{self._modules[word]}")
            self._loaded.update({noun.word: noun for noun in module.NOUNS})
        return self._loaded[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


NOUNS: Mapping[str, Noun] = _Nouns()
"""In the order of the documentation."""

__all__ = ["NOUNS", "Field", "Noun", "Reading", "Subject", "read", "shown"]
