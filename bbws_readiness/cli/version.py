"""Answers `readiness --version` before anything else is loaded."""

import os
import sys

from bbws_readiness import __version__

COMPLETION = "_READINESS_COMPLETE"
"""The variable by which the script of a shell asks for completions."""


def version_answered() -> bool:
    """Prints the version when the command line asks for nothing else; else, and when it cannot be printed, False.

    Then the whole command line has to look at the arguments, and tells what is wrong with standard output.
    """
    *before, last = sys.argv[1:] or [""]
    if last not in ("-V", "--version") or any(word != "--debug" for word in before):
        return False
    if os.environ.get(COMPLETION) or sys.stdout is None:
        return False
    try:
        sys.stdout.write(f"readiness, version {__version__}\n")
        sys.stdout.flush()
    except OSError:
        return False
    return True
