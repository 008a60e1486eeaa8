"""`lazydiff models`: which models there are and what they consist of."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from lazydiff_core.cli.command import Command, Group, Report
from lazydiff_core.cli.init_pixart import INIT_PIXART
from lazydiff_core.errors import ModelError
from lazydiff_core.files import file_sha256
from lazydiff_core.resources import resource

_CONFIG = "config.json"
_CONFIGS = (_CONFIG, "model_index.json")  # of a model of ours, of a pipeline of diffusers


def _list(args: Namespace) -> Report:
    rows: list[dict[str, Any]] = [
        {"name": folder.name, "path": str(folder), "bytes": _bytes(folder)}
        for folder in _installed()
    ]
    text = "\n".join(f"{row['name']:16} {_megabytes(row['bytes'])}  {row['path']}" for row in rows)
    return Report(rows, text or "No model is installed.")


def _info(args: Namespace) -> Report:
    folder = _folder(args.model)
    files = [_file(path) for path in sorted(folder.rglob("*")) if path.is_file()]
    document = {
        "name": folder.name,
        "path": str(folder),
        "bytes": sum(file["bytes"] for file in files),
        "config": _config(folder),
        "files": files,
    }
    lines = [f"{folder.name} in {folder}", json.dumps(document["config"], indent=2)]
    lines += [f"{_megabytes(f['bytes'])}  {f['name']}  sha256 {f['sha256']}" for f in files]
    return Report(document, "\n".join(lines))


def _installed() -> list[Path]:
    """Folders of the models that came with the program."""
    return sorted(path.parent for path in resource("models").glob(f"*/{_CONFIG}"))


def _folder(model: str) -> Path:
    """The folder of an installed model's name, or the one at that path."""
    for folder in (*_installed(), Path(model)):
        if model in (folder.name, str(folder)) and _configs(folder):
            return folder
    names = ", ".join(folder.name for folder in _installed()) or "none"
    raise ModelError(f"There is no model {model!r}: name a model folder or one of: {names}.")


def _configs(folder: Path) -> list[Path]:
    return [folder / name for name in _CONFIGS if (folder / name).is_file()]


def _config(folder: Path) -> Any:
    path = _configs(folder)[0]
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: install the model again.") from error


def _file(path: Path) -> dict[str, Any]:
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": file_sha256(path)}


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _megabytes(size: int) -> str:
    return f"{size / 1e6:8.1f} MB"


def _add_info_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("model", help="name of an installed model, or a model folder")


MODELS = Group(
    "models",
    "Show the installed models, or make one to train.",
    (
        Command("list", "List the installed models.", _list),
        Command("info", "Show one model's sizes and files.", _info, _add_info_arguments),
        INIT_PIXART,
    ),
)
