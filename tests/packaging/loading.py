"""The scripts of packaging/, which is no package to import from."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

PACKAGING = Path(__file__).parents[2] / "packaging"


def loaded(script: str) -> ModuleType:
    """The script at a path below packaging/ as a module; sys.path stays as it was."""
    path = PACKAGING / script
    spec = importlib.util.spec_from_file_location(f"packaging_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there for their module
    before = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module
