"""Loads a public DiT as a backend, in each of its modes."""

from __future__ import annotations

import logging
from dataclasses import replace

from lazydiff_core.backends.cached_dit.abilities import PaddedFamily
from lazydiff_core.backends.cached_dit.backend import CachedDit
from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings
from lazydiff_core.backends.cached_dit.family import Family, open_family
from lazydiff_core.backends.cached_dit.padding_check import (
    PaddingCheck,
    check_padding,
    remember_check,
    remembered_check,
)
from lazydiff_core.backends.cached_dit.pipeline_reader import PipelineFolder, open_folder
from lazydiff_core.backends.fitting import memory_is_enough
from lazydiff_core.errors import ModelError, OutOfMemoryError
from lazydiff_core.load_progress import tell_of_measure
from lazydiff_core.model.files.devices import choose_device
from lazydiff_core.model_store.locate import locate_model

_log = logging.getLogger(__name__)
_SLOW = ("cpu",)  # four fills would take many minutes: `lazydiff models measure` does them


def load(model: str, device: str | None) -> CachedDit:
    """Load a pipeline's folder or hub id, in mode "bank" if memory allows. Raises ModelError."""
    return _load(model, device, CacheSettings(), "cached_dit")


def load_refresh(model: str, device: str | None) -> CachedDit:
    """Load a pipeline's folder or hub id in mode "refresh". Raises ModelError."""
    return _load(model, device, CacheSettings(mode="refresh"), "cached_dit_refresh")


def load_reference(model: str, device: str | None) -> CachedDit:
    """Load a pipeline's folder or hub id in mode "reference"; ModelError if it knows none."""
    dit = _load(model, device, CacheSettings(mode="reference"), "cached_dit_reference")
    if not dit.info.references:
        raise ModelError(
            f"{dit.info.model} takes no reference pictures: use --backend cached_dit instead."
        )
    return dit


def load_full(model: str, device: str | None) -> CachedDit:
    """Load a pipeline's folder or hub id for blended inpainting, as a reference."""
    return _load(model, device, CacheSettings(mode="full"), "blended_dit")


def measure_model(model: str, device: str | None) -> PaddingCheck:
    """Measure whether a model's padding may be kept, and remember it.

    Raises ModelError for a model without padding, OutOfMemoryError and Cancelled.
    """
    family, folder = _opened(model, device)
    if not isinstance(family, PaddedFamily):
        raise ModelError(f"{folder.name} has no padding that could be kept.")
    return _measure(family, CacheSettings(), folder.digest)


def _load(model: str, device: str | None, settings: CacheSettings, name: str) -> CachedDit:
    family, folder = _opened(model, device)
    digest = folder.digest
    if isinstance(family, PaddedFamily) and settings.mode != "full":
        check = remembered_check(digest) or _measured_now(family, settings, digest)
        settings = replace(settings, padding=check.mode if check else "computed")
    dit = CachedDit(family, folder.name, settings, name)
    dit.info = replace(dit.info, model_hash=digest)
    return dit


def _opened(model: str, device: str | None) -> tuple[Family, PipelineFolder]:
    where, folder = choose_device(device), open_folder(locate_model(model))
    with memory_is_enough(folder.name, where):
        return open_family(folder, where), folder


def _measured_now(
    family: PaddedFamily, settings: CacheSettings, digest: str
) -> PaddingCheck | None:
    """What is measured on first load; None where that takes too long, or too much memory."""
    if family.device.type in _SLOW:
        return None
    try:
        return _measure(family, settings, digest)
    except OutOfMemoryError as error:
        _log.warning("Padding is computed at each step, as it could not be measured: %s", error)
        return None


def _measure(family: PaddedFamily, settings: CacheSettings, digest: str) -> PaddingCheck:
    check = check_padding(family, settings, tell_of_measure)
    remember_check(digest, check)
    return check
