"""What Krita imports: complete, importable by name, and free of what only newer Pythons know."""

from __future__ import annotations

import ast
from configparser import ConfigParser
from pathlib import Path

import pytest

PLUGIN = Path(__file__).parents[2] / "packaging" / "krita"
MODULES = sorted((PLUGIN / "lazydiff").glob("*.py"))


def test_krita_finds_the_plugin_by_its_desktop_file() -> None:
    desktop = ConfigParser(interpolation=None)
    desktop.read(PLUGIN / "lazydiff.desktop", encoding="utf-8")
    entry = desktop["Desktop Entry"]
    assert entry["ServiceTypes"] == "Krita/PythonPlugin"
    assert (PLUGIN / entry["X-KDE-Library"] / "__init__.py").is_file()
    assert (PLUGIN / entry["X-KDE-Library"] / entry["X-Krita-Manual"]).is_file()


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_its_modules_are_read_by_older_pythons(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = [name for name in imported if name and name.startswith("lazydiff.")]
    assert all((PLUGIN / f"{name.replace('.', '/')}.py").is_file() for name in ours)


def test_both_versions_of_qt_give_the_same_names() -> None:
    tree = ast.parse((PLUGIN / "lazydiff" / "qt.py").read_text(encoding="utf-8"))
    (branch,) = [node for node in tree.body if isinstance(node, ast.Try)]

    def names(body: list[ast.stmt]) -> set[str]:
        found = [node for node in body if isinstance(node, ast.ImportFrom)]
        return {alias.name for node in found for alias in node.names}

    assert names(branch.body) == names(branch.handlers[0].body)
