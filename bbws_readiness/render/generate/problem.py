"""What keeps a file from being generated."""

from __future__ import annotations

from bbws_readiness.codes import Code
from bbws_readiness.errors import ReadinessError


class NotDeterminable(ReadinessError):
    """The files of the project do not tell what the generated file could not do without; nothing was written."""

    exit_code = 4
    usual_code = Code.NOT_GENERATED
