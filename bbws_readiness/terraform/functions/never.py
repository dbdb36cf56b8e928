"""Functions that are never evaluated: their results are no facts of the files."""

from __future__ import annotations

from typing import Any

from bbws_readiness.terraform.functions.spec import Function, NotEvaluated, Parameter
from bbws_readiness.terraform.types import NUMBER, STRING

_TEXT = Parameter("string", STRING)


def _never(name: str, reason: str, *parameters: Parameter, variadic: Parameter | None = None) -> Function:
    def body(*_: Any) -> None:  # noqa: ANN401
        raise NotEvaluated(f"{name} {reason}")

    return Function(name, parameters, body, STRING, variadic=variadic)


NEVER_EVALUATED = (
    _never("base64gzip", "gives other bytes with every version of the compressor", _TEXT),
    _never("bcrypt", "gives another value in every run", _TEXT, variadic=Parameter("cost", NUMBER)),
    _never("plantimestamp", "gives another value in every run"),
    _never(
        "rsadecrypt",
        "needs a private key, which is not used",
        Parameter("ciphertext", STRING),
        Parameter("key", STRING),
    ),
    _never("timestamp", "gives another value in every run"),
    _never("uuid", "gives another value in every run"),
)
