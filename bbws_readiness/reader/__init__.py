"""The one way to the bytes of a project: confined to a folder, bounded, and looking at everything once."""

from bbws_readiness.reader.decoding import decode
from bbws_readiness.reader.limits import LIMITS, PLAN_JSON, Limits
from bbws_readiness.reader.reader import Reader
from bbws_readiness.reader.walk import Walk

__all__ = ["LIMITS", "PLAN_JSON", "Limits", "Reader", "Walk", "decode"]
