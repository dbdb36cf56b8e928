"""Reads the data beside the tests."""

from pathlib import Path
from typing import Any

import yaml


def data(path: Path) -> Any:
    """What a YAML file holds; by the parser in C, because thousands of cases are read before the first test runs."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
