"""Lets many checks ask the same question about a model, which is answered once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from bbws_readiness.model.model import Model

T = TypeVar("T")


def once(function: Callable[[Model], T]) -> Callable[[Model], T]:
    """`function`, asked once about each model; what it gives is kept as long as the model and must not be changed.

    What it raises is not kept.
    """

    @wraps(function)
    def answer(model: Model) -> T:
        told = model.told
        if function not in told:
            told[function] = function(model)
        return cast(T, told[function])

    return answer
