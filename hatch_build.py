"""Puts into the wheel what is made of templates and rules, or, for an editable install, beside them."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
IN_CHECKOUT = ROOT / ".prepared"
IN_WHEEL = "bbws_readiness/_prepared"


def prepare(folder: Path) -> None:
    """Writes into `folder` what is made of the files of this checkout, by the code of this checkout."""
    sys.path.insert(0, str(ROOT))
    from bbws_readiness.prepare import prepare

    prepare(ROOT, folder)


class PreparedFiles(BuildHookInterface[Any]):
    """Called by hatchling around each build of a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Makes the files and tells where they go."""
        if version == "editable":
            prepare(IN_CHECKOUT)
            return
        self._folder = Path(tempfile.mkdtemp())
        prepare(self._folder)
        build_data["force_include"].update({str(path): f"{IN_WHEEL}/{path.name}" for path in self._folder.iterdir()})

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Removes what now lies in the wheel."""
        if version != "editable":
            shutil.rmtree(self._folder)


if __name__ == "__main__":
    prepare(IN_CHECKOUT)
