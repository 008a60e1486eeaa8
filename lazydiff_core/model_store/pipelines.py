"""The pipelines of diffusers that LazyDiff runs; known before anything is downloaded."""

from __future__ import annotations

from typing import Final

# Pipeline class in model_index.json -> backend.
BACKEND_OF: Final[dict[str, str]] = {
    "StableDiffusionXLInpaintPipeline": "sdxl_inpaint",
    "StableDiffusionXLPipeline": "sdxl_inpaint",
    "StableDiffusionInpaintPipeline": "sd2_crop",
    "StableDiffusionPipeline": "sd2_crop",
    "PixArtAlphaPipeline": "cached_dit",
    "PixArtSigmaPipeline": "cached_dit",
    "Flux2KleinPipeline": "cached_dit",
    "Flux2KleinKVPipeline": "cached_dit",
    "ZImagePipeline": "cached_dit",
}
# Entries of model_index.json that no backend reads.
UNREAD_PARTS: Final = frozenset({"safety_checker", "feature_extractor", "image_encoder"})


def why_not(kind: str) -> str:
    """Why a pipeline of this class cannot be used, as the end of a sentence; "" if it can."""
    if kind in BACKEND_OF:
        return ""
    return f"a {kind}, which LazyDiff does not run; it runs {', '.join(BACKEND_OF)}"
