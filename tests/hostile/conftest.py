"""The process that runs hostile cases, shared by the tests of one worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hostile.check import Runner


@pytest.fixture(scope="session")
def runner() -> Iterator[Runner]:
    """One process for all cases of a test worker."""
    process = Runner()
    yield process
    process.close()
