from __future__ import annotations

import subprocess
import sys

import pytest

LOAD = """
import sys
from app.engine.preload import load_torch_libraries
loaded = load_torch_libraries()
maps = open("/proc/self/maps").read()
assert "torch" not in sys.modules
import torch
assert torch.ones(2).sum() == 2
assert load_torch_libraries() is False
print(loaded, "libtorch_cpu" in maps)
"""
NOWHERE = """
import importlib.util
from pathlib import Path
from app.engine.preload import load_torch_libraries
class Spec:
    origin = "/nowhere/torch/__init__.py"
importlib.util.find_spec = lambda name: Spec
print(load_torch_libraries())
"""


def said(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these libraries")
def test_the_libraries_are_there_before_torch_is() -> None:
    assert said(LOAD) == "True True"


def test_libraries_that_are_not_there_are_left_to_the_import() -> None:
    assert said(NOWHERE) == "False"
