"""Z-Image's control networks: layers beside its own that read a picture of lines, depths or poses.

As diffusers' ZImageControlNetModel, over any set of tokens. A token's part of the picture enters
its own control token, which meets others in self-attention only; so control tokens are computed
with those of the image, and their keys are kept as theirs are (ADR 35).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.backends.cached_dit.family import Attend
from lazydiff_core.backends.cached_dit.zimage_attention import (
    Seen,
    ZImagePass,
    install_attention,
)
from lazydiff_core.backends.cached_dit.zimage_needs import PATCH
from lazydiff_core.errors import ModelError, OutOfMemoryError
from lazydiff_core.model.files.devices import free_bytes
from lazydiff_core.model.network.transformer_layers import patchify
from lazydiff_core.model_store.control_networks import (
    REFINER_ENTRY,
    ControlNetworkFile,
    recognise_control,
)

if TYPE_CHECKING:
    from lazydiff_core.backends.cached_dit.zimage import ZImage, ZImageText

_EMBEDDER: Final = f"{PATCH}-1"
_PRECISIONS: Final = (torch.float32, torch.float16, torch.bfloat16)


class ControlNetwork:
    """The layers of a file, for one model.

    layers:   self-attention layers that a pass under control has besides the model's own.
    inpaints: it is told the mask and what is visible of the canvas, too.
    """

    def __init__(self, model: Any, transformer: Any) -> None:
        self.model, self.base = model, transformer
        config, refiners = model.config, len(transformer.noise_refiner)
        self.places = config.control_layers_places
        self.inpaints = config.control_in_dim != transformer.config.in_channels
        self.refined = {
            None: None,
            "control_layers": model.control_layers,
            "control_noise_refiner": model.control_noise_refiner,
        }[config.add_control_noise_refiner]
        self.layers = len(self.places) + refiners
        if self.refined is not None:
            self.layers += len(self.refined)
        install_attention(model.control_layers)
        install_attention(model.control_noise_refiner or ())

    def hints(
        self,
        run: ZImagePass,
        conditions: Tensor,
        embedded: Tensor,
        refined: Tensor,
        strength: float,
    ) -> dict[int, Tensor]:
        """Joint block -> (B,L+N,W), what is added to its output.

        conditions: (B,N,C) of `SteeredZImage.conditions`. embedded, refined: (B,N,W), the image
        tokens in front of and behind the model's refiners.
        """
        model, image = self.model, refined
        control = model.control_all_x_embedder[_EMBEDDER](conditions.to(embedded.dtype))
        if self.refined is None:
            for block in model.control_noise_refiner:
                control = block(control, None, run.alone(), run.time)
        else:
            found = []
            for block in self.refined:
                hint, control = _advanced(block, control, embedded, run.alone(), run.time)
                found.append(hint * strength)
            image = self._refined_again(run, embedded, found)
        image, control = run.with_text(image), run.with_text(control)
        hints = {}
        for place, block in zip(self.places, model.control_layers, strict=True):
            hint, control = _advanced(block, control, image, run.joint(), run.time)
            hints[place] = hint * strength
        return hints

    def _refined_again(self, run: ZImagePass, image: Tensor, hints: list[Tensor]) -> Tensor:
        """(B,N,W) image tokens behind the model's refiners, as the control layers see them.

        As in diffusers, the model itself goes on from its own, to which no hints were added.
        """
        for block, hint in zip(self.base.noise_refiner, hints, strict=False):
            image = block(image, None, run.alone(), run.time) + hint
        return image


def _advanced(
    block: Any, control: Tensor, image: Tensor, seen: Seen, time: Tensor
) -> tuple[Tensor, Tensor]:
    """What a control block adds to the image tokens, and the control tokens behind it."""
    hint, control = block(
        control if block.block_id == 0 else control[None], image, None, seen, time
    )
    return hint, control


class SteeredZImage:
    """Z-Image's passes under a control network, as strong as asked for."""

    def __init__(self, family: ZImage, network: Callable[[], ControlNetwork], strength: float):
        """network: what is loaded; a pass that is kept must not hold gigabytes itself."""
        self.family, self._network, self.strength = family, network, strength
        shape = family.shape
        self.shape = replace(shape, layers=shape.layers + network().layers)

    def conditions(
        self, encode: Callable[[Tensor], Tensor], picture: Tensor, image: Tensor, mask: Tensor
    ) -> Tensor:
        """(1,N,C): what each token is told: the picture and, by networks that inpaint, the canvas.

        encode: images (1,3,S,S) in [-1,1] -> tokens (1,N,P). picture, image: such images, of the
        control picture and of the canvas. mask: (1,1,S,S), 1 = hole.
        """
        shown = encode(picture)
        if not self._network().inpaints:
            return shown
        visible = F.interpolate(1 - mask, size=(PATCH * self.shape.grid,) * 2)
        parts = (shown, patchify(visible, PATCH), encode(image * (1 - mask)))
        return torch.cat([part.unflatten(-1, (PATCH**2, -1)) for part in parts], -1).flatten(2)

    def predict(
        self, x_BNP: Tensor, place_N: Tensor, t: Tensor, text: ZImageText, attend: Attend
    ) -> Tensor:
        """As Family.predict."""
        width = self.shape.token_width
        network, conditions = self._network(), x_BNP[..., width:]

        def hints(run: ZImagePass, embedded: Tensor, refined: Tensor) -> dict[int, Tensor]:
            return network.hints(run, conditions, embedded, refined, self.strength)

        return self.family.run(x_BNP[..., :width], place_N, t, text, attend, hints)


def load_control(
    path: Path, transformer: Any, device: torch.device, dtype: torch.dtype
) -> ControlNetwork:
    """Read a control network for a transformer.

    Raises ModelError for a file that is missing, damaged or for another model, OutOfMemoryError
    before it is read.
    """
    file = recognise_control(path)
    config = transformer.config
    if file.width != config.dim or file.channels not in _channels(config.in_channels):
        raise ModelError(
            f"{path.name} is a control network for another model: it is {file.width} wide and "
            f"reads {file.channels} channels; this model is {config.dim} wide."
        )
    _check_room(path, device)
    try:
        model = _model(file, config, _refiners_of(file, config.in_channels))
        state = load_file(path)
        wanted = model.state_dict()
        odd = [name for name in wanted if name not in state or state[name].dtype not in _PRECISIONS]
        if odd:
            raise ModelError(
                f"{path.name} is incomplete or quantised, by its {odd[0]}: get the whole file, in "
                "16 bits."
            )
        model.load_state_dict({name: state[name].to(dtype) for name in wanted}, assign=True)
    except (OSError, RuntimeError, SafetensorError) as error:
        raise ModelError(f"{path.name} is not a readable control network: {error}.") from error
    return ControlNetwork(model.to(device).eval().requires_grad_(False), transformer)


def _channels(latents: int) -> tuple[int, int]:
    """What a control network may read: the picture, or that, the mask and the canvas."""
    return latents, 2 * latents + 1


def _refiners_of(file: ControlNetworkFile, latents: int) -> str | None:
    """Which layers refine the control tokens, in diffusers' words.

    Version 2.0 was published with refiners that were never trained; its joint layers run there.
    """
    if file.channels == latents:
        return None
    if not file.has_refiners:
        return "control_layers"
    with safe_open(file.path, framework="pt") as tensors:
        trained = tensors.get_tensor(REFINER_ENTRY).count_nonzero()
    return "control_noise_refiner" if trained else "control_layers"


def _model(file: ControlNetworkFile, config: Any, refiners: str | None) -> Any:
    """diffusers' network without weights. Its layers follow every so many joint blocks."""
    from diffusers import ZImageControlNetModel

    apart = config.n_layers // file.layers
    kind: Any = ZImageControlNetModel
    with torch.device("meta"):
        return kind(
            control_layers_places=[apart * layer for layer in range(file.layers)],
            control_refiner_layers_places=list(range(config.n_refiner_layers)),
            control_in_dim=file.channels,
            add_control_noise_refiner=refiners,
            dim=config.dim,
            n_refiner_layers=config.n_refiner_layers,
            n_heads=config.n_heads,
            n_kv_heads=config.n_kv_heads,
            norm_eps=config.norm_eps,
            qk_norm=config.qk_norm,
        )


def _check_room(path: Path, device: torch.device) -> None:
    needed, free = path.stat().st_size, free_bytes(device)
    if needed > free:
        raise OutOfMemoryError(
            f"The control network {path.name} needs {needed / 1e9:.1f} GB on {device}, where "
            f"{free / 1e9:.1f} GB are free: take a smaller one (lite), or close other programs."
        )
