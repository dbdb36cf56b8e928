"""Why something could not be posted."""

from __future__ import annotations

from bbws_readiness.codes import Code
from bbws_readiness.errors import NotWritten


class NotPosted(NotWritten):
    """GitHub did not take it, for a reason that another attempt of this run would not mend."""

    usual_code = Code.NOT_POSTED


class NotPermitted(NotPosted):
    """Nothing may be written there: the token only reads, or the conversation is locked."""


class Gone(NotPosted):
    """What was to be changed does not exist any more, or its comments are switched off."""


class TooLong(NotPosted):
    """GitHub refuses what was sent as malformed, which for a comment means: too long."""


class Unsettled(NotPosted):
    """The answer to a write broke off: it may have been done."""
