"""Parts of a pipeline whose weights somebody has quantised, as their config.json says.

diffusers and transformers read them through a package for each way, which not everybody has.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lazydiff_core.errors import ModelError
from lazydiff_core.model_store.json_files import object_in

# quant_method -> package and its module.
_PACKAGES: Final = {
    "bitsandbytes": ("bitsandbytes", "bitsandbytes"),
    "quanto": ("optimum-quanto", "optimum.quanto"),
    "sdnq": ("sdnq", "sdnq"),
    "torchao": ("torchao", "torchao"),
}


def is_quantised(folder: Path) -> bool:
    """Whether a part's folder holds quantised weights."""
    return _method(object_in(folder / "config.json")) != ""


def check_quantised(config: Mapping[str, Any], where: str) -> None:
    """Raises ModelError if a part's weights are quantised in a way that is not read here.

    config: of the part. where: the part, or the model that it is of.
    """
    method = _method(config)
    if method and method not in _PACKAGES:
        raise ModelError(
            f"{where} is quantised by {method}, which LazyDiff does not read: take the plain "
            "weights, which are packed where that is needed."
        )
    package, module = _PACKAGES.get(method, ("", ""))
    if package and not _is_there(module):
        raise ModelError(
            f"{where} is quantised by {method}: install {package} first (pip install {package}), "
            "or take the plain weights, which are packed where that is needed."
        )


def _method(config: Mapping[str, Any]) -> str:
    said = config.get("quantization_config")
    return str(said.get("quant_method") or "unknown means") if isinstance(said, dict) else ""


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # of the package around it
        return False
