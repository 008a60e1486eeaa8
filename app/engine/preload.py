"""Loads PyTorch's shared libraries before PyTorch, without blocking the app.

Importing torch maps and links hundreds of megabytes while holding the GIL, which freezes the app
for a quarter of a second. ctypes releases the GIL, so loading the libraries through it first makes
the later import quick.
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
    """Load the libraries with torch's own order and visibility; returns False if not possible.

    If it returns False, as on all systems but Linux, importing torch loads them as usual.
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
