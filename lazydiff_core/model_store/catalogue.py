"""Public models worth having, with what their cards say: sizes, licences, what a fill costs.

Sizes are those of the files that `needed_files` takes; nothing here was measured by this program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from lazydiff_core.model_store.pipelines import BACKEND_OF
from lazydiff_core.model_store.registry import BUNDLED

Quality: TypeAlias = Literal["simple", "good", "very good", "best"]
QUALITIES: Final[tuple[Quality, ...]] = ("simple", "good", "very good", "best")


@dataclass(frozen=True)
class Offered:
    """A model that can be recommended.

    id:      what `--model` and a download take.
    kind:    its pipeline's class; "" = our own model.
    gb:      size of the download.
    gated:   its owner wants to be asked first.
    denoiser, text: 10^9 weights of those parts; `layer` and `text_layer` of their largest layers.
    lazy:    whether a step computes the hole only.
    steps:   the model's own number of them.
    tflop:   arithmetic of a fill of a tenth of 1024x1024 in so many steps.
    least_gb: memory of a card from which on it can be used.
    """

    id: str
    title: str
    kind: str
    quality: Quality
    gb: float
    licence: str
    denoiser: float
    text: float
    steps: int
    tflop: float
    least_gb: float
    layer: float = 0.0
    text_layer: float = 0.0
    lazy: bool = True
    gated: bool = False

    @property
    def is_bundled(self) -> bool:
        return self.id == BUNDLED


_ALL: Final = (
    Offered(
        BUNDLED, "Bundled model", "", "simple", 0.04, "apache-2.0", 0.02, 0.02, 6, 0.05, 1,
    ),
    Offered(
        "black-forest-labs/FLUX.2-klein-4B", "FLUX.2 [klein] 4B", "Flux2KleinPipeline",
        "very good", 16.1, "apache-2.0", 3.88, 3.22, 4, 30, 8, layer=0.245, text_layer=0.389,
    ),
    Offered(
        "black-forest-labs/FLUX.2-klein-base-4B", "FLUX.2 [klein] 4B base", "Flux2KleinPipeline",
        "very good", 16.1, "apache-2.0", 3.88, 3.22, 50, 720, 8, layer=0.245, text_layer=0.389,
    ),
    Offered(
        "black-forest-labs/FLUX.2-klein-9B", "FLUX.2 [klein] 9B", "Flux2KleinPipeline",
        "best", 34.7, "flux-non-commercial-license", 9.08, 6.6, 4, 68, 16,
        layer=0.436, text_layer=0.622, gated=True,
    ),
    Offered(
        "Tongyi-MAI/Z-Image-Turbo", "Z-Image Turbo", "ZImagePipeline",
        "best", 32.9, "apache-2.0", 6.15, 3.9, 8, 48, 12, layer=0.2, text_layer=0.389,
    ),
    Offered(
        "PixArt-alpha/PixArt-Sigma-XL-2-1024-MS", "PixArt-Sigma", "PixArtSigmaPipeline",
        "good", 21.8, "openrail++", 0.61, 4.76, 20, 21, 6, text_layer=0.193,
    ),
    Offered(
        "diffusers/stable-diffusion-xl-1.0-inpainting-0.1", "SDXL inpainting",
        "StableDiffusionXLInpaintPipeline", "good", 6.9, "openrail++", 2.57, 0.82, 30, 365, 8,
        lazy=False,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class OfferedSegmenter:
    """A model that selects objects; id, gb, licence: as in Offered."""

    id: str
    title: str
    gb: float
    licence: str


SEGMENTER: Final = OfferedSegmenter("Zigeng/SlimSAM-uniform-77", "SlimSAM", 0.04, "apache-2.0")


def catalogue() -> tuple[Offered, ...]:
    """The models that this version of the program can run."""
    return tuple(model for model in _ALL if model.is_bundled or model.kind in BACKEND_OF)
