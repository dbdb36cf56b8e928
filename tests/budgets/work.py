"""How much processor time a piece of work takes, as a test may compare it."""

import gc
import time
from collections.abc import Callable


def seconds(run: Callable[[], object]) -> float:
    """Processor time of one run in seconds.

    The garbage collector rests meanwhile: what it costs grows with everything the test process holds, not with the
    work that is measured, and after some thousand tests it outweighs it.
    """
    gc.disable()
    try:
        start = time.process_time()
        run()
        return time.process_time() - start
    finally:
        gc.enable()
