"""The other programs: which of them are here, in which version, and how they are asked to look at a project."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.installed import clean_environment, installed_checkov
from benchmarks.measure import Command

OVERRIDE = """terraform {
  backend "local" {}
}

provider "aws" {
  access_key                  = "test"
  secret_key                  = "test"
  allowed_account_ids         = null
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
"""
"""What lets a plan be made without an account: no state but an empty one, and credentials of nobody."""
SECONDS = 300
"""Of `terraform init` and of asking for a version, at most."""


@dataclass(frozen=True)
class Peers:
    """Commands that are here; None for one that is not."""

    checkov: Path | None
    trivy: Path | None
    terraform: Path | None

    def checkov_on(self, project: Path) -> Command | None:
        """Looks at the Terraform of a project with all its rules, and asks nobody; what it finds is no failure."""
        options = ("--framework", "terraform", "--compact", "--quiet", "--skip-download", "--soft-fail")
        return _asked(self.checkov, ("--directory", str(project), *options), project)

    def trivy_on(self, project: Path) -> Command | None:
        """Looks at a project with the rules that it brings."""
        return _asked(self.trivy, ("config", "--quiet", "--skip-check-update", str(project)), project)

    def terraform_on(self, initialised: Path, *arguments: str) -> Command | None:
        """Runs in a folder that `initialise` prepared."""
        return _asked(self.terraform, arguments, initialised)

    def versions(self) -> Mapping[str, str]:
        """By name; `not present` for what is not here."""
        asked = {
            "checkov": (self.checkov, "--version"),
            "trivy": (self.trivy, "--version"),
            "terraform": (self.terraform, "version"),
        }
        return {name: _version(command, option) for name, (command, option) in asked.items()}


def found_peers(*, checkov: str | None, terraform: str) -> Peers:
    """Those of this machine; checkov is installed unless a command is given."""
    own = Path(checkov) if checkov else installed_checkov()
    return Peers(own if own and own.exists() else None, _on_path("trivy"), _on_path(terraform))


def initialise(peers: Peers, root: Path, folder: Path) -> bool:
    """Copies a Terraform root to `folder` and has it initialised; False where that does not work here."""
    if not peers.terraform:
        return False
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(root, folder, ignore=shutil.ignore_patterns(".terraform*"))
    (folder / "benchmark_override.tf").write_text(OVERRIDE, encoding="utf-8")
    arguments = (str(peers.terraform), "init", "-input=false", "-no-color")
    try:
        done = subprocess.run(
            arguments, cwd=folder, env=environment(), capture_output=True, check=False, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def environment() -> dict[str, str]:
    """That of the peers: the user's own, in which nothing asks for updates."""
    return clean_environment() | {
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _asked(command: Path | None, arguments: tuple[str, ...], folder: Path) -> Command | None:
    return Command((str(command), *arguments), folder, environment()) if command else None


def _on_path(name: str) -> Path | None:
    found = shutil.which(name)
    return Path.cwd() / found if found else None


def _version(command: Path | None, option: str) -> str:
    if not command:
        return "not present"
    try:
        done = subprocess.run(
            (str(command), option),
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "not present"
    words = [word.lstrip("v") for word in done.stdout.split() if word.lstrip("v")[:1].isdigit()]
    return words[0] if words and done.returncode == 0 else "not present"
