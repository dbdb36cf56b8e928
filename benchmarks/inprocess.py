"""Assesses projects one after another in this process and writes their documents, as the command does for one:

    python -P benchmarks/inprocess.py OUTPUT PROJECT...

Run by the interpreter of the environment that is measured; what it imports is the installed package.
"""

import gc
import sys
from datetime import datetime
from pathlib import Path

from bbws_readiness.cli.publishing import publish
from bbws_readiness.pipeline import assess_project

AS_OF = datetime(2026, 1, 7, 9, 0)


def main() -> None:
    gc.set_threshold(1_000_000, 20, 20)  # as `bbws_readiness.__main__` has it for every command
    output, *projects = map(Path, sys.argv[1:])
    for project in projects:
        assessment = assess_project(project, "sit", as_of=AS_OF)
        publish(assessment, output / project.name, project, force=False)


if __name__ == "__main__":
    main()
