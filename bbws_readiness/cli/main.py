"""The `readiness` command: finds the subcommand, and turns every fault into one line and an exit code."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from bbws_readiness import __version__
from bbws_readiness.cli.lazy import LazyCommands
from bbws_readiness.cli.version import COMPLETION
from bbws_readiness.process.environment import withhold_credentials
from bbws_readiness.process.limits import MEMORY_BYTES, SECONDS, OutOfTime, limited
from bbws_readiness.process.signals import Interrupted, end_is_near, handled
from bbws_readiness.process.streams import fill_closed_streams

if TYPE_CHECKING:
    from bbws_readiness.codes import Code

COMMANDS = {
    "assess": "Assess a project for an environment and write the documents.",
    "portfolio": "Assess many projects together, in several processes.",
    "comment": "Write the comment for a pull request, or post it.",
    "diff": "Say what changed between two assessments, and why.",
    "render": "Write the documents anew, or say with --check what that would change.",
    "site": "Make a folder of web pages that work from disk and without network.",
    "decide": "Record why findings need not be mended, if no source objects.",
    "decisions": "List the recorded decisions and what became of them.",
    "trace": "Print a value of the configuration and the lines it came through.",
    "inventory": "List the resources that the configuration asks for.",
    "console": "Evaluate expressions in the context of the project.",
    "explain": "Say what a rule asks for, why, and how to fix or settle it.",
    "config": "Show the settings in effect, or the schema of readiness.yaml.",
    "init": "Write a commented readiness.yaml made of what the project says.",
    "generate": "Make a validation script or the Terraform of backups.",
    "rules": "List, show, test and document the rules.",
    "schema": "Print a published JSON Schema.",
    "completion": "Print the script that completes the command line in a shell.",
}
"""Every subcommand in the order of --help, with its line there; each lives in the module of its name."""

UNDETERMINED = 4
INTERNAL = 70
INTERRUPTED = 130


@click.group(
    cls=LazyCommands,
    table={name: (f"bbws_readiness.cli.{name}", line) for name, line in COMMANDS.items()},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="readiness")
@click.option("--debug", is_flag=True, help="Show a traceback when something goes wrong inside this tool.")
@click.pass_context
def readiness(context: click.Context, *, debug: bool) -> None:
    """May we deploy this, to this environment, now - and if not, who must do what?

    Reads a Terraform project as it lies on disk, compares what its sources say, and writes the documents that a
    deployment decision needs. Nothing is executed, fetched or changed in the project.

    \b
    Exit codes: 0 ready, 1 not ready, 2 usage, configuration or no place for outputs,
    3 nothing to assess, 4 could not be assessed, 5 assessed, and an output could not
    be written, 70 internal error.
    """
    context.obj = debug


def main() -> NoReturn:
    """Runs the command line and exits; every fault is told in one line, and as a traceback only with --debug."""
    fill_closed_streams()
    withhold_credentials()
    with handled():
        try:
            code = _run()
            end_is_near()
        except BaseException as error:  # noqa: BLE001 - the outermost edge
            end_is_near()
            code = _told(_ended_by(error), debug="--debug" in sys.argv[1:])
    # The interpreter looks for garbage twice when it ends: in what is frozen it does not.
    gc.freeze()
    sys.exit(code)


def _run() -> int:
    with limited():
        result = readiness.main(standalone_mode=False, complete_var=COMPLETION)
        if sys.stdout is not None:
            sys.stdout.flush()
    return result if isinstance(result, int) else 0


def _ended_by(error: BaseException) -> BaseException:
    """The interruption that led to the error: Python 3.11 wraps what is raised while it makes a class."""
    cause = error.__cause__
    return cause if isinstance(cause, Interrupted | OutOfTime | MemoryError) else error


def _told(error: BaseException, *, debug: bool) -> int:
    """Says what ended the run, and gives the exit code."""
    from bbws_readiness.cli.output import ReaderLeft, complain, drop_output, not_printed, show_trace
    from bbws_readiness.codes import Code
    from bbws_readiness.errors import ReadinessError

    if debug and not isinstance(error, SystemExit | click.UsageError | click.Abort | Interrupted | ReaderLeft):
        show_trace(error)
    match error:
        case SystemExit():
            return error.code if isinstance(error.code, int) else INTERNAL
        case click.exceptions.NoArgsIsHelpError(ctx=click.Context() as context):
            return _complained(Code.USAGE, f"no command is named; try `{context.command_path} --help`", 2)
        case click.UsageError():
            hint = f"try `{error.ctx.command_path} --help`" if error.ctx else "try `readiness --help`"
            return _complained(Code.USAGE, f"{error.format_message().rstrip('.')}; {hint}", 2)
        case click.Abort() | KeyboardInterrupt():
            return _complained(Code.INTERRUPTED, "interrupted; run it again", INTERRUPTED)
        case Interrupted():
            return _complained(Code.INTERRUPTED, "interrupted; run it again", error.exit_code)
        case OutOfTime():
            return _complained(Code.TOO_SLOW, f"more than {SECONDS} seconds; assess a smaller folder", UNDETERMINED)
        case MemoryError():
            limit = f"more than {MEMORY_BYTES // 1024**2} MiB of memory"
            return _complained(Code.TOO_MUCH_MEMORY, f"{limit}; assess a smaller folder", UNDETERMINED)
        case ReaderLeft():
            return 0
        case ReadinessError():
            for problem in getattr(error, "problems", (error,)):
                complain(problem.line)
            return error.exit_code
        case OSError(filename=None):
            # No file is concerned, so it is the stream to which click prints --help and --version.
            drop_output()
            return _told(not_printed(error), debug=False)
    what = f"internal error ({type(error).__name__} at {_origin(error)})"
    return _complained(Code.INTERNAL, f"{what}; rerun with --debug and report it", INTERNAL)


def _complained(code: Code, text: str, exit_code: int) -> int:
    from bbws_readiness.cli.output import complain

    complain(f"{code}: {text}")
    return exit_code


def _origin(error: BaseException) -> str:
    from pathlib import Path

    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "an unknown place"
