"""The `readiness` command: finds the subcommand, and turns every fault into one line and an exit code."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import NoReturn

import click

from bbws_readiness import __version__
from bbws_readiness.cli.output import complain, drop_output
from bbws_readiness.errors import ReadinessError

COMMANDS = {
    "assess": "Assess a project for an environment and write the documents.",
    "trace": "Print a value of the configuration and the lines it came through.",
    "inventory": "List the resources that the configuration asks for.",
    "console": "Evaluate expressions in the context of the project.",
    "explain": "Say what a rule asks for, why, and how to fix or settle it.",
    "rules": "List the rules.",
    "schema": "Print a published JSON Schema.",
}
"""Every subcommand in the order of --help, with its line there; each lives in the module of its name."""

INTERRUPTED = 130
INTERNAL = 70


class LazyCommands(click.Group):
    """Loads a subcommand's module when it is called, and none of them for --help and --version."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of that name, or None."""
        if name not in COMMANDS:
            return None
        command = importlib.import_module(f"bbws_readiness.cli.{name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - narrows the type; every module of the table has one
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Prints the table without loading a command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="readiness")
@click.option("--debug", is_flag=True, help="Show a traceback when something goes wrong inside this tool.")
@click.pass_context
def readiness(context: click.Context, *, debug: bool) -> None:
    """May we deploy this, to this environment, now - and if not, who must do what?

    Reads a Terraform project as it lies on disk, compares what its sources say, and writes the documents that a
    deployment decision needs. Nothing is executed, fetched or changed in the project.

    \b
    Exit codes: 0 ready, 1 not ready, 2 usage or configuration, 3 nothing to assess,
    4 could not be assessed, 70 internal error.
    """
    context.obj = debug


def main() -> NoReturn:
    """Runs the command line and exits; no fault leaves here as a traceback unless --debug asks for it."""
    debug = "--debug" in sys.argv[1:]
    try:
        result = readiness.main(standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
        sys.exit(result if isinstance(result, int) else 0)
    except click.exceptions.Exit as finished:
        sys.exit(finished.exit_code)
    except click.UsageError as error:
        hint = f"try `{error.ctx.command_path} --help`" if error.ctx else "try `readiness --help`"
        complain(f"{error.format_message().rstrip('.')}; {hint}")
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except ReadinessError as error:
        if debug:
            raise
        for problem in getattr(error, "problems", (error,)):
            complain(str(problem))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader has gone (`| head`): nothing is wrong, and nothing more can be said.
        drop_output()
        sys.exit(1)
    except Exception as error:  # the outermost edge
        if debug:
            raise
        complain(f"internal error ({type(error).__name__} at {_origin(error)}); rerun with --debug and report it")
        sys.exit(INTERNAL)


def _origin(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "an unknown place"
