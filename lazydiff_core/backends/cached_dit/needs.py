"""What a pipeline's folder asks of a device's memory, for families that are fitted into it."""

from __future__ import annotations

from lazydiff_core.backends.cached_dit import flux2_needs, pixart_needs, zimage_needs
from lazydiff_core.backends.cached_dit.pipeline_reader import PipelineFolder
from lazydiff_core.backends.fitting import Needs


def planned_needs(folder: PipelineFolder) -> Needs | None:
    """What the loader will plan with; None for a family that is loaded as it is.

    Raises ModelError.
    """
    transformer, text, vae = (folder.path / part for part in ("transformer", "text_encoder", "vae"))
    if folder.kind.startswith("Flux2Klein"):
        side = flux2_needs.side_of(vae)
        return flux2_needs.read_needs(transformer, text, vae, side, folder.single)
    if folder.kind == "ZImagePipeline":
        return zimage_needs.read_needs(transformer, text, vae, folder.single)
    if folder.kind in pixart_needs.TEXT_TOKENS:
        return pixart_needs.read_needs(transformer, text, vae)
    return None
