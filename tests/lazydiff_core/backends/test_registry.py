from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from lazydiff_core.backends import BACKENDS, load_backend
from lazydiff_core.errors import InputError


@pytest.mark.parametrize("name", BACKENDS)
def test_every_entry_names_a_function(name: str) -> None:
    module, function = BACKENDS[name]
    assert callable(getattr(import_module(module), function))


def test_an_unknown_name() -> None:
    with pytest.raises(InputError, match="no backend called 'magic'; choose one of lazydiffusion"):
        load_backend("magic", "bundled", None)


def test_the_fake_needs_no_torch() -> None:
    code = (
        "import sys; from lazydiff_core.engine.engine import Engine; Engine.load('fake');"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
