"""BACKENDS: the ways to generate, by name; each is imported on first use."""

from __future__ import annotations

from importlib import import_module

from lazydiff_core.backends.declared import own_backend as own_backend
from lazydiff_core.backends.protocols import Backend
from lazydiff_core.errors import InputError

# name -> (module, function taking (model, device) and returning a Backend)
BACKENDS: dict[str, tuple[str, str]] = {
    "lazydiffusion": ("lazydiff_core.backends.lazydiffusion", "load"),
    "regenerate_image": ("lazydiff_core.backends.regenerate", "load_image"),
    "regenerate_crop": ("lazydiff_core.backends.regenerate", "load_crop"),
    "cached_dit": ("lazydiff_core.backends.cached_dit.loading", "load"),
    "cached_dit_refresh": ("lazydiff_core.backends.cached_dit.loading", "load_refresh"),
    "cached_dit_reference": ("lazydiff_core.backends.cached_dit.loading", "load_reference"),
    "blended_dit": ("lazydiff_core.backends.cached_dit.loading", "load_full"),
    "sdxl_inpaint": ("lazydiff_core.backends.diffusers_inpaint", "load_sdxl"),
    "sd2_crop": ("lazydiff_core.backends.diffusers_inpaint", "load_sd2"),
    "content_aware": ("lazydiff_core.backends.content_aware", "load"),
    "fake": ("lazydiff_core.backends.faulty", "load"),
}


def load_backend(name: str, model: str, device: str | None) -> Backend:
    """Load a backend. InputError: unknown name. ModelError: the model cannot be used."""
    if name not in BACKENDS:
        choices = ", ".join(BACKENDS)
        raise InputError(f"There is no backend called {name!r}; choose one of {choices}.")
    module, function = BACKENDS[name]
    backend: Backend = getattr(import_module(module), function)(model, device)
    return backend
