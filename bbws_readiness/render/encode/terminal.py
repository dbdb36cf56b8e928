"""Makes untrusted text inert for a terminal or a log."""

from __future__ import annotations

from bbws_readiness.disclosure import answered, disclosed
from bbws_readiness.render.encode.characters import legible, uncommanded


def safe(text: str) -> str:
    """`text` on one line that steers neither a terminal nor the runner that keeps the log.

    Control characters become their pictures; invisible and direction-changing characters read `<U+XXXX>`. What looks
    like a secret is withheld.
    """
    return uncommanded(legible(disclosed(text)))


def safe_lines(text: str) -> str:
    """The same for an answer whose line ends are kept; what looks random and nothing else is shown."""
    return uncommanded(legible(answered(text), lines=True))


def guarded(text: str) -> str:
    """The last look at text of any format before it is printed: none of its lines is a command to a runner.

    Leaves encoded JSON, in which neither form occurs, and our own colours as they are.
    """
    return uncommanded(text)
