"""Makes the project of a case a git checkout: one commit by nobody in particular, at a fixed moment."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_ENVIRONMENT = {
    "GIT_AUTHOR_DATE": "2026-03-04T08:00:00Z",
    "GIT_COMMITTER_DATE": "2026-03-04T08:00:00Z",
    "GIT_AUTHOR_NAME": "cases",
    "GIT_AUTHOR_EMAIL": "cases@example.invalid",
    "GIT_COMMITTER_NAME": "cases",
    "GIT_COMMITTER_EMAIL": "cases@example.invalid",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TEMPLATE_DIR": "",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_SETTINGS = ("-c", f"core.hooksPath={os.devnull}", "-c", "protocol.allow=never", "-c", "gc.auto=0")
SECONDS = 20


def commit(project: Path, settings: Mapping[str, Any]) -> None:
    """Commits everything on `branch` and tags it.

    The folder must be one that was made for the case. No settings of system, user or repository are in force. Raises
    what `subprocess.run` raises when git refuses, of which nothing is printed.
    """
    commands = [["init", "-q", "-b", settings.get("branch", "main")], ["add", "-A"], ["commit", "-q", "-m", "One"]]
    commands += [["tag", tag] for tag in settings.get("tags-before", ())]
    if settings.get("tags-before"):
        commands.append(["commit", "-q", "--allow-empty", "-m", "Two"])
    commands += [["tag", tag] for tag in settings.get("tags", ())]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(project), **_ENVIRONMENT}
    for command in commands:
        arguments = ["git", *_SETTINGS, *command]
        subprocess.run(arguments, cwd=project, check=True, env=environment, timeout=SECONDS, stderr=subprocess.DEVNULL)
