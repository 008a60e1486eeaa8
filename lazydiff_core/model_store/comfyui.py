"""Where ComfyUI's users keep their models: its folder, or the paths in extra_model_paths.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from lazydiff_core.errors import ModelError
from lazydiff_core.model_store.registry import ModelRegistry, RegisteredModel, is_model_file
from lazydiff_core.model_store.single_files import recognise

# Its names for folders of what can be a whole transformer or checkpoint.
_KINDS: Final = ("diffusion_models", "unet", "checkpoints")


def is_comfyui(path: Path) -> bool:
    """Whether a path is a list of paths as ComfyUI has it, or a folder with its models."""
    if path.suffix in (".yaml", ".yml"):
        return path.is_file()
    return any((path / "models" / kind).is_dir() for kind in _KINDS)


def model_files(path: Path) -> list[Path]:
    """The files that may hold a model, in alphabetical order; raises ModelError."""
    folders = _listed(path) if path.is_file() else (path / "models" / kind for kind in _KINDS)
    found = {
        file.resolve()
        for folder in folders
        if folder.is_dir()
        for file in folder.rglob("*")
        if is_model_file(file)
    }
    return sorted(found)


def add_models(
    path: Path, registry: ModelRegistry
) -> tuple[list[RegisteredModel], dict[Path, str]]:
    """Register each file of a ComfyUI that holds a model for LazyDiff; all stay in place.

    Returns the models, and why each other file was left out. Raises ModelError and TargetError.
    """
    added: list[RegisteredModel] = []
    left_out: dict[Path, str] = {}
    for file in model_files(path):
        try:
            recognise(file)
            added.append(registry.add(file))
        except ModelError as error:
            left_out[file] = str(error)
    return added, left_out


def _listed(path: Path) -> Iterator[Path]:
    """The folders of models that a list of paths names, below its `base_path` where it has one."""
    import yaml

    try:
        document: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ModelError(f"{path} is not a list of ComfyUI's paths: {error}.") from error
    if not isinstance(document, dict):
        raise ModelError(f"{path} is not a list of ComfyUI's paths.")
    for section in document.values():
        if not isinstance(section, dict):
            continue
        base = path.parent / Path(str(section.get("base_path") or "")).expanduser()
        for kind in _KINDS:
            for line in str(section.get(kind) or "").splitlines():
                if line.strip():
                    yield base / Path(line.strip()).expanduser()
