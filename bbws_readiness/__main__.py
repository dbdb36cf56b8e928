"""Starts the command line, as `python -m bbws_readiness` and as the script `readiness`."""

import gc  # a part of the interpreter itself

# Nothing that lies in a file is imported before the working directory has left the import path.
from bbws_readiness.process.imports import leave_working_directory

leave_working_directory()

from bbws_readiness.cli.version import version_answered  # noqa: E402 - the import path is in order from here on


def main() -> None:
    """Runs the command line and exits; an interruption before it has begun is as quiet as a later one."""
    try:
        if version_answered():
            raise SystemExit(0)
        # A run makes many objects, few of them in circles: not to look for those takes a twentieth off it, and no
        # memory is lost by that. A run that goes on and on still looks.
        gc.set_threshold(1_000_000, 20, 20)
        from bbws_readiness.cli.main import main as command_line
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    command_line()


def script() -> None:
    """As `main`, where that is all the process does: it ends at once."""
    try:
        main()
    except SystemExit as ended:
        from bbws_readiness.process.ending import leave

        leave(ended.code)
        raise


if __name__ == "__main__":
    script()
