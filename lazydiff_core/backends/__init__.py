"""BACKENDS: the ways to generate, by name; each is imported only when it is asked for."""

from __future__ import annotations

from importlib import import_module

from lazydiff_core.backends.base import Backend
from lazydiff_core.errors import InputError

# name -> (module, function taking (model, device) and returning a Backend)
BACKENDS: dict[str, tuple[str, str]] = {
    "lazydiffusion": ("lazydiff_core.backends.lazydiffusion", "load"),
    "fake": ("lazydiff_core.backends.fake", "load"),
}


def load_backend(name: str, model: str, device: str | None) -> Backend:
    """Load a backend; InputError for an unknown name, ModelError where the model cannot be used."""
    if name not in BACKENDS:
        choices = ", ".join(BACKENDS)
        raise InputError(f"There is no backend called {name!r}; choose one of {choices}.")
    module, function = BACKENDS[name]
    backend: Backend = getattr(import_module(module), function)(model, device)
    return backend
