"""Loads models of diffusers and transformers; raises errors where those libraries only warn."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from huggingface_hub.errors import StrictDataclassError
from safetensors import SafetensorError

from lazydiff_core.device_faults import is_out_of_memory
from lazydiff_core.errors import ModelError
from lazydiff_core.model.files.scaled_weights import read_scaled
from lazydiff_core.model.files.weights import check_files, variant_of
from lazydiff_core.model_store.single_files import SingleFile
from lazydiff_core.model_store.weight_names import DIFFUSERS_STEM

# Exceptions the libraries raise for a config or weights that do not fit the class.
_FAILURES = (
    ArithmeticError, AssertionError, AttributeError, LookupError, NameError, OSError, RuntimeError,
    SafetensorError, StrictDataclassError, TypeError, ValueError,
)  # fmt: skip


@contextmanager
def damage_is_said(folder: Path) -> Iterator[None]:
    """Raises ModelError for what comes of a damaged description of a model, while it is read."""
    try:
        yield
    except _FAILURES as error:
        if is_out_of_memory(error):
            raise
        raise ModelError(
            f"{folder} cannot be read, because one of its descriptions is damaged "
            f"({_reason(error)}): download the model again."
        ) from error


def load_pretrained(kind: Any, folder: Path, stem: str, **options: Any) -> Any:
    """`kind.from_pretrained(folder)` in evaluation mode, from local safetensors only.

    A folder that has its weights in half precision alone is read from those.

    stem: stem of the weights' file names.

    Raises ModelError if files are missing, truncated or of another architecture.
    """
    if not (folder / "config.json").is_file():
        raise ModelError(f"{folder} is not a {kind.__name__} folder: it has no config.json.")
    check_files(folder, stem)
    try:
        with _quiet():
            model, news = kind.from_pretrained(
                folder,
                use_safetensors=True,
                local_files_only=True,
                output_loading_info=True,
                ignore_mismatched_sizes=True,
                variant=variant_of(folder, stem) or None,
                **options,
            )
    except _FAILURES as error:
        if is_out_of_memory(error):
            raise
        raise ModelError(f"{folder} does not hold a {kind.__name__}: {_reason(error)}.") from error
    wrong = [*news["missing_keys"], *news["mismatched_keys"]]
    if wrong:
        named = wrong[0] if isinstance(wrong[0], str) else wrong[0][0]
        raise ModelError(f"{folder} holds another architecture than its config says ({named}).")
    return model.eval().requires_grad_(False)


def load_transformer(kind: Any, folder: Path, single: SingleFile | None, dtype: torch.dtype) -> Any:
    """A transformer of diffusers from its folder, or from a file that takes its place."""
    if single is None:
        return load_pretrained(kind, folder, DIFFUSERS_STEM, torch_dtype=dtype)
    return load_single_file(kind, single, folder, torch_dtype=dtype)


def load_single_file(kind: Any, single: SingleFile, config: Path, **options: Any) -> Any:
    """A network of diffusers or CLIP's text encoder from one file, in evaluation mode.

    GGUF's weights stay quantised; scaled 8-bit ones are brought to the precision asked for.

    config: folder of a config.json for it.

    Raises ModelError for a file that is damaged, of an unknown quantisation or of another size.
    """
    if single.is_gguf:
        from diffusers import GGUFQuantizationConfig

        dtype = options["torch_dtype"]
        options["quantization_config"] = GGUFQuantizationConfig(compute_dtype=dtype)
    try:
        weights: Any = str(single.path)
        if single.scaled:
            weights = read_scaled(single.path, options["torch_dtype"])
        with _quiet():
            model = _from_single_file(kind, weights, config=str(config), **options)
    except NotImplementedError as error:  # what is missing cannot be brought to a precision
        raise ModelError(
            f"{single.path} is incomplete: weights of its {kind.__name__} are missing."
        ) from error
    except _FAILURES as error:
        if is_out_of_memory(error):
            raise
        raise ModelError(
            f"{single.path} does not hold a {kind.__name__}: {_reason(error)}."
        ) from error
    if single.is_gguf:
        _unpack_outside_layers(model, options["torch_dtype"])
    missing = [name for name, p in model.named_parameters() if p.device.type == "meta"]
    if missing:
        raise ModelError(f"{single.path} is incomplete: it has no {missing[0]}.")
    return model.eval().requires_grad_(False)


def _from_single_file(kind: Any, weights: Any, **options: Any) -> Any:
    """weights: path, or name -> tensor. transformers' classes read no single files themselves."""
    from diffusers.loaders import single_file_utils as files

    options["local_files_only"] = True
    if hasattr(kind, "from_single_file"):
        return kind.from_single_file(weights, **options)
    state = weights if isinstance(weights, dict) else files.load_single_file_checkpoint(weights)
    return files.create_diffusers_clip_model_from_ldm(kind, state, **options)


def _reason(error: Exception) -> str:
    """What an exception says, in a line; its kind, if it says nothing."""
    return " ".join(str(error).split())[:300].rstrip(".") or type(error).__name__


def _unpack_outside_layers(model: Any, dtype: torch.dtype) -> None:
    """Give weights that are in no linear layer their values: only such layers read packed ones.

    Files keep single vectors as they are, but bfloat16 counts as packed, too.
    """
    from diffusers.quantizers.gguf.utils import GGUFLinear, dequantize_gguf_tensor

    for module in model.modules():
        if not isinstance(module, GGUFLinear):
            for name, p in list(module.named_parameters(recurse=False)):
                if hasattr(p, "quant_type"):
                    values = dequantize_gguf_tensor(p).to(dtype)
                    setattr(module, name, torch.nn.Parameter(values, requires_grad=False))


class _quiet:  # noqa: N801
    """Silences the libraries' logs and bars: problems that matter are raised as ModelError."""

    def __enter__(self) -> None:
        from diffusers.utils import logging as of_diffusers
        from transformers.utils import logging as of_transformers

        for library in (of_diffusers, of_transformers):
            library.disable_progress_bar()
        self.before = logging.root.manager.disable
        logging.disable(logging.ERROR)

    def __exit__(self, *error: object) -> None:
        logging.disable(self.before)
