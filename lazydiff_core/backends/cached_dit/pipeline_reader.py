"""Reads a pipeline folder in diffusers' layout: model_index.json and one folder per part."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lazydiff_core.errors import ModelError
from lazydiff_core.model.files.config_file import read_object
from lazydiff_core.model_store.json_files import object_in
from lazydiff_core.model_store.quantised_parts import check_quantised
from lazydiff_core.model_store.single_files import SingleFile, base_of, recognise

INDEX = "model_index.json"
CONFIG = "config.json"


@dataclass(frozen=True)
class PipelineFolder:
    """A pipeline folder, or a LazyDiff model folder.

    kind:  the pipeline's class, or the LazyDiff model's architecture.
    index: contents of model_index.json, or of the LazyDiff model's config.json.
    single: a file with other parts for it; None = its own.
    """

    path: Path
    kind: str
    index: dict[str, Any]
    single: SingleFile | None = None

    @property
    def name(self) -> str:
        """What to call the model."""
        return self.path.name if self.single is None else self.single.path.name

    def part(self, name: str, *kinds: str) -> Path:
        """The folder of a part; ModelError if it is missing or of none of these classes."""
        entry = self.index.get(name)
        if (
            not isinstance(entry, list)
            or not entry
            or entry[-1] is None
            or not (self.path / name).is_dir()
        ):
            raise ModelError(
                f"{self.path} has no {name}: get the whole pipeline, with all of its folders."
            )
        if kinds and entry[-1] not in kinds:
            raise ModelError(
                f"{self.path / name} is a {entry[-1]}, but a {self.kind} needs "
                f"{' or '.join(kinds)}."
            )
        check_quantised(object_in(self.path / name / CONFIG), str(self.path / name))
        return self.path / name

    @property
    def digest(self) -> str:
        """SHA-256 of the folder's configs and the sizes of its weights.

        Hashing the weights themselves would take minutes.
        """
        digest = hashlib.sha256()
        if self.single is not None:
            size = self.single.path.stat().st_size
            digest.update(f"{self.single.path.name}\0{size}\0".encode())
        for path in sorted(self.path.rglob("*")):
            name = path.relative_to(self.path).as_posix()
            if path.suffix == ".json":
                digest.update(f"{name}\0".encode() + path.read_bytes())
            elif path.suffix == ".safetensors":
                digest.update(f"{name}\0{path.stat().st_size}".encode())
        return digest.hexdigest()

    def scheduler(self) -> dict[str, Any]:
        """The scheduler's config, with its class as "_class_name"; raises ModelError."""
        config = read_json(self.part("scheduler") / "scheduler_config.json")
        return config | {"_class_name": self.index["scheduler"][-1]}


def open_folder(path: Path) -> PipelineFolder:
    """Read model_index.json or a LazyDiff config.json; ModelError if neither can be read.

    Of a single file, the folder that lends it its other parts.
    """
    if path.is_file():
        single = recognise(path)
        return replace(open_folder(base_of(single)), single=single)
    if not (path / INDEX).is_file() and (path / CONFIG).is_file():
        config = read_json(path / CONFIG)
        sizes = config.get("lazy")
        if isinstance(sizes, dict):
            return PipelineFolder(path, str(sizes.get("architecture", "lazydiffusion")), config)
    if not (path / INDEX).is_file():
        raise ModelError(f"{path} is not a diffusers pipeline: it has no {INDEX}.")
    index = read_json(path / INDEX)
    return PipelineFolder(path, str(index.get("_class_name")), index)


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; raises ModelError."""
    return read_object(path, odd=f"{path} does not describe anything: it must be a JSON object.")


def whole_number(config: dict[str, Any], name: str, path: Path) -> int:
    """An entry of a description that counts something; ModelError if it is missing or does not.

    path: of the file that the description is from.
    """
    value = config.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ModelError(
            f"{path} does not say its {name} as a whole number: download the model again."
        )
    return value
