"""How tests may know one another."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "tests").rglob("*.py"))


def of_tests(source: str) -> list[str]:
    """Imports of test modules and conftests: what they share belongs into a `driving.py`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            first, *rest = name.split(".")
            if first == "tests" and any(p == "conftest" or p.startswith("test_") for p in rest):
                found.append(f"line {node.lineno}: {name}")
    return found


def test_no_test_is_imported() -> None:
    found = {file: of_tests(file.read_text(encoding="utf-8")) for file in FILES}

    assert len(found) > 100
    assert {str(file.relative_to(ROOT)): lines for file, lines in found.items() if lines} == {}


def test_imports_of_tests_are_found() -> None:
    assert of_tests("from tests.app.test_window import brush") != []
    assert of_tests("from tests.app import test_window") != []
    assert of_tests("import tests.app.conftest") != []
    assert of_tests("from tests.app.driving import brush; import app.window") == []
