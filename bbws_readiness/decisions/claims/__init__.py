"""Claims that can be checked: the strict ones of evidence, and those that the words of a reason make."""

from bbws_readiness.decisions.claims.examine import Examined, examine
from bbws_readiness.decisions.claims.grammar import NotAClaim
from bbws_readiness.decisions.claims.reasons import Contradiction, contradictions

__all__ = ["Contradiction", "Examined", "NotAClaim", "contradictions", "examine"]
