"""`readiness completion SHELL`: the script by which a shell completes the command line."""

from __future__ import annotations

import click

from bbws_readiness.cli.output import say

PROGRAM = "readiness"
SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> int:
    """Print the script that completes commands, options and their values, environments and rules in SHELL.

    \b
    Examples:
      echo 'eval "$(readiness completion bash)"' >> ~/.bashrc
      echo 'eval "$(readiness completion zsh)"' >> ~/.zshrc
      readiness completion fish > ~/.config/fish/completions/readiness.fish
    """
    from click.shell_completion import get_completion_class

    from bbws_readiness.cli.main import readiness
    from bbws_readiness.cli.version import COMPLETION

    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"no script is known for {shell}")
    # `source` would start the shell to ask for its version first.
    made = found(readiness, {}, PROGRAM, COMPLETION)
    say(made.source_template % made.source_vars())
    return 0
