"""Which public models fit this machine, how, and what a fill would take."""

from __future__ import annotations

import time
from typing import Final

import torch

from lazydiff_core.backends.fitting import PICTURE_VALUES, Fit, Needs, Size, choose_fit, text_bytes
from lazydiff_core.errors import OutOfMemoryError
from lazydiff_core.model.files.devices import free_bytes, free_main_bytes, half_of
from lazydiff_core.model_store.catalogue import QUALITIES, Offered, catalogue
from lazydiff_core.model_store.licences import SALE_SENTENCES, sale_of
from lazydiff_core.model_store.recommendation import Recommendation
from lazydiff_core.model_store.registry import ModelRegistry

_SIDE: Final = 1024
_PICTURES: Final = 84_000_000  # weights of the usual autoencoders
_STEP_BYTES: Final = 600_000_000  # activations of a step over the whole canvas, in half precision
_BUS: Final = 12e9  # assumed: bytes a second from main memory to a card
_PATIENCE: Final = 60.0  # seconds a fill, above which a model comes behind those that are faster
_EFFICIENCY: Final = 0.5  # of a fill against a large matrix product


def recommend(device: torch.device, registry: ModelRegistry, held: int = 0) -> list[Recommendation]:
    """The models of the catalogue, what fits first, and of that the best and fastest first.

    held: bytes of the device that a loaded model would make room in.
    """
    free = free_bytes(device) + held
    speed = flops_a_second(device)
    here = {model.source.split("@")[0] for model in registry.models() if model.is_there}
    rows = [_row(model, device, free, speed, model.id in here) for model in catalogue()]
    return sorted(
        rows,
        key=lambda row: (
            not row.fits,
            row.seconds > _PATIENCE,
            -QUALITIES.index(row.quality),
            row.seconds,
        ),
    )


def flops_a_second(device: torch.device) -> float:
    """What a large matrix product gets on a device, in its usual precision."""
    dtype, side = half_of(device, wide=True), 512 if device.type == "cpu" else 4096
    a = torch.ones(side, side, dtype=dtype, device=device)
    (a @ a)[0, 0].item()
    started, count = time.perf_counter(), 0
    while (spent := time.perf_counter() - started) < 0.05:
        (a @ a)[0, 0].item()  # .item() waits for the device
        count += 1
    return 2 * side**3 * count / spent


def _row(
    model: Offered, device: torch.device, free: int, speed: float, here: bool
) -> Recommendation:
    fit: Fit | None = None
    try:
        fit = _fitted(model, device, free)
        plan = _said(fit, device)
    except OutOfMemoryError as error:
        plan = str(error)
    seconds = model.tflop * 1e12 / (speed * _EFFICIENCY)
    if fit is not None and fit.denoiser == "visits":
        seconds += model.steps * model.denoiser * 1e9 * fit.dtype.itemsize / _BUS
    sale = sale_of(model.licence)
    return Recommendation(
        id=model.id,
        name=model.title,
        quality=model.quality,
        gb=0.0 if here or model.is_bundled else model.gb,
        licence=model.licence,
        sale=sale,
        may_i_sell=SALE_SENTENCES[sale],
        gated=model.gated,
        installed=here or model.is_bundled,
        fits=fit is not None,
        plan=plan,
        seconds=float(f"{seconds:.2g}"),
    )


def _said(fit: Fit, device: torch.device) -> str:
    """A plan, as sentences for the artist."""
    said = [fit.notice] if fit.notice else []
    if not said:
        said.append(f"All of it stays on {device}.")
    return said[0]


def _fitted(model: Offered, device: torch.device, free: int) -> Fit:
    """The plan that fits now; raises OutOfMemoryError."""
    dtype = half_of(device, wide=True)
    needs, main = _needs(model), free_main_bytes()
    fit = choose_fit(needs, dtype, device, free, model.title, main)
    host = text_bytes(needs, fit) if fit.text_visits else 0
    if host > main:
        raise OutOfMemoryError(f"Its text encoder needs {host / 1e9:.1f} GB of main memory.")
    if fit.narrowed and not model.layer:  # only families that are planned are narrowed
        raise OutOfMemoryError(f"It needs more than the {free / 1e9:.1f} GB that are free.")
    return fit


def _needs(model: Offered) -> Needs:
    """What the model asks of a device; without a layer's size, none of its layers may visit."""
    if model.is_bundled:
        parts = (round(model.denoiser * 1e9), round(model.text * 1e9), 0)
        return Needs(Size(parts[0]), Size(parts[1]), Size(parts[2]), step=0, work=0)
    layer = round(model.layer * 1e9)
    text_layer = round((model.text_layer or model.text) * 1e9)  # SDXL's visit as a whole
    # What is not in blocks is no more than the largest layer.
    packed = round(model.denoiser * 1e9) - layer if layer else 0
    packed_text = round(model.text * 1e9) - text_layer if model.lazy else 0
    return Needs(
        Size(round(model.denoiser * 1e9), layer, packed, layer),
        Size(round(model.text * 1e9), text_layer, packed_text, text_layer),
        Size(_PICTURES),
        _STEP_BYTES,
        _SIDE**2 * PICTURE_VALUES * 2,
    )
