"""The offline switch: while it is on, this program asks no hub and no other machine for anything.

It is the environment variable of huggingface_hub, so that its libraries and the programs started
from here obey it as well.
"""

from __future__ import annotations

import os
import sys
from typing import Final

_VARIABLES: Final = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
_YES: Final = ("1", "ON", "YES", "TRUE")


def is_offline() -> bool:
    """Whether the switch is on, by `set_offline` or by the environment."""
    return any(os.environ.get(name, "").upper() in _YES for name in _VARIABLES)


def set_offline(on: bool) -> None:
    """Turn the switch on or off, for libraries that have read it already as well."""
    for name in _VARIABLES:
        os.environ.pop(name, None)
    if on:
        os.environ[_VARIABLES[0]] = "1"
    constants = sys.modules.get("huggingface_hub.constants")
    if constants is not None:
        constants.HF_HUB_OFFLINE = on  # type: ignore[attr-defined]
