"""Chooses the files that a model's classes read: once, and nothing else.

Of a pipeline, those are the files in the folders that model_index.json names: each part's configs,
its tokenizer's vocabulary and chat template, and one variant of its weights, the smallest one that
is complete; and the model's card, which states the licence. Copies beside model_index.json, other
formats and training copies stay away.
"""

from __future__ import annotations

import importlib.util
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import Any, Final

from lazydiff_core.errors import ModelError
from lazydiff_core.model_store.model_card import CARD
from lazydiff_core.model_store.pipelines import UNREAD_PARTS
from lazydiff_core.model_store.weight_names import (
    DIFFUSERS_STEM,
    STEMS,
    TRANSFORMERS_STEM,
    complete_variants,
    index_name,
)

# Data only: no pickles, no code. *.model is a tokenizer's vocabulary, *.jinja its chat template.
SAFE_FILES: Final = ("*.json", "*.safetensors", "*.txt", "*.model", "*.jinja")
PICKLES: Final = (".bin", ".pt", ".pth", ".ckpt")
# A tokenizer that is a sentencepiece model alone is converted by these: package -> its module.
_CONVERTERS: Final = {"sentencepiece": "sentencepiece", "protobuf": "google.protobuf"}


def needed_files(sizes: Mapping[str, int], index: Mapping[str, Any] | None) -> list[str]:
    """The files to download.

    sizes: name of each file -> bytes.
    index: contents of model_index.json; None for a model of another kind, which is taken whole,
           in one precision.

    Raises ModelError, with the end of a sentence, if a part of a pipeline is missing.
    """
    folders: dict[str, list[str]] = defaultdict(list)
    card = [CARD] if CARD in sizes else []
    for name in sizes:
        if any(fnmatch(name, kind) for kind in SAFE_FILES):
            folders[str(PurePosixPath(name).parent)].append(name)
    if index is None:
        return [*card, *(n for files in folders.values() for n in _of_folder(files, sizes))]
    parts = parts_of(index)
    missing = [part for part in parts if part not in folders]
    if missing:
        raise ModelError(f"is no whole pipeline: it has no {' and no '.join(missing)}")
    kept = {part: _of_folder(folders[part], sizes) for part in parts}
    for part, names in kept.items():
        is_network = f"{part}/config.json" in names
        if is_network and not complete_variants(names, _stem_of(index[part])):
            pickles = any(n.startswith(f"{part}/") and n.endswith(PICKLES) for n in sizes)
            why = "only as pickles, which can run any code" if pickles else "not in full"
            raise ModelError(f"has the weights of its {part} {why}: LazyDiff reads safetensors")
    return [*card, "model_index.json", *(name for names in kept.values() for name in names)]


def _stem_of(entry: Any) -> str:
    """The stem of a part's weights, by its library and class in model_index.json."""
    return TRANSFORMERS_STEM if entry[0] == "transformers" else DIFFUSERS_STEM


def parts_of(index: Mapping[str, Any]) -> list[str]:
    """The parts of a pipeline that are read, by the names of their folders."""
    return [
        name
        for name, entry in index.items()
        if isinstance(entry, list) and entry and entry[-1] and name not in UNREAD_PARTS
    ]


def missing_packages(names: Iterable[str]) -> list[str]:
    """Python packages that a model with these files needs, and that are not installed."""
    folders: dict[PurePosixPath, set[str]] = defaultdict(set)
    for path in map(PurePosixPath, names):
        folders[path.parent].add(path.name)
    if not any("spiece.model" in f and "tokenizer.json" not in f for f in folders.values()):
        return []
    return [package for package, module in _CONVERTERS.items() if not _is_there(module)]


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # of the package around it
        return False


def _of_folder(names: list[str], sizes: Mapping[str, int]) -> list[str]:
    """The files of one folder, with one variant of its weights."""
    kept = [name for name in names if not _is_standard(name)]
    for stem in STEMS:
        variants = complete_variants(names, stem)
        if variants:
            least = min(variants, key=lambda variant: sum(sizes[n] for n in variants[variant]))
            indices = [(name, index_name(name)) for name in names]
            kept += variants[least]
            kept += [n for n, i in indices if i and (i.stem, i.variant) == (stem, least)]
    return kept


def _is_standard(name: str) -> bool:
    """Whether a file holds, or lists, weights of a standard name or a variant of them."""
    file = PurePosixPath(name).name
    is_weights = file.endswith(".safetensors") or index_name(file) is not None
    return is_weights and file.split(".")[0].split("-")[0] in STEMS
