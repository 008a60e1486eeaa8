"""Loads PyTorch's libraries before PyTorch, while the rest of the program goes on.

Importing torch maps and links hundreds of megabytes with Python's lock held, so that the window,
which does not wait for it, stands still for a quarter of a second. A foreign function is called
without the lock: what it has loaded is there when the import comes to it.
"""

from __future__ import annotations

import ctypes
import importlib.util
import logging
import os
import sys
from pathlib import Path

_log = logging.getLogger(__name__)


def load_torch_libraries() -> bool:
    """Load them, in the order and visibility of torch's own; False where that is not possible.

    Then, and anywhere but on Linux, importing torch loads them as ever.
    """
    found = None if "torch" in sys.modules else importlib.util.find_spec("torch")
    if sys.platform != "linux" or found is None or found.origin is None:
        return False
    folder = Path(found.origin).parent / "lib"
    load = ctypes.CDLL(None).dlopen
    load.restype, load.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
    names = {
        "libtorch_global_deps.so": os.RTLD_GLOBAL | os.RTLD_LAZY,
        "libtorch.so": os.RTLD_LOCAL | os.RTLD_LAZY,
    }
    loaded = [load(os.fsencode(folder / name), how) for name, how in names.items()]
    if not all(loaded):
        _log.info("PyTorch's libraries could not be loaded ahead")
    return all(loaded)
