"""How many processors a run may use."""

import os

from bbws_readiness.process.processors import available


def test_at_least_one_processor_may_be_used() -> None:
    assert 1 <= available() <= (os.cpu_count() or 1)
