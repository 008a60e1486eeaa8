"""Which thread goes first when more could run than there are cores."""

from __future__ import annotations

import os
import sys
import threading

BEHIND = 5  # steps of niceness between the window's thread and the engine's


def give_way() -> None:
    """Put this thread, and what it starts, behind the main thread; that one stays as it is.

    Only Linux has a priority for each thread; Qt's own do nothing under its usual scheduler.
    """
    thread = threading.get_native_id()
    if sys.platform == "linux" and thread != os.getpid():
        first = os.getpriority(os.PRIO_PROCESS, os.getpid())
        os.setpriority(os.PRIO_PROCESS, thread, min(19, first + BEHIND))
