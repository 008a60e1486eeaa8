"""Config of a lazy diffusion model; the bundled and the paper-scale model differ only in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal, get_args

from lazydiff_core.contract import Framing
from lazydiff_core.errors import ModelError

# In RegenerateCrop's square the hole's long side takes three quarters: a margin of an eighth.
CROP_SHARE: Final = 0.75
# Latent cells along a side of a word's look (lazydiff_core.model.references.lexicon).
LOOK_CELLS: Final = 12

Objective = Literal["flow", "iddpm"]
# Which tokens a model computes at each step; also the name of the backend that runs it.
Architecture = Literal["lazydiffusion", "regenerate_image", "regenerate_crop"]
ARCHITECTURES: Final[tuple[Architecture, ...]] = get_args(Architecture)


@dataclass(frozen=True)
class LazyConfig:
    """Sizes and options of a model. BUNDLED and XL are the configs of the two models.

    side: side of the model's window in pixels. latent_scale: pixels per latent, along a side.
    patch: latents per token, along a side.
    context_blocks, decoder_blocks: transformer depths.
    text_width, text_tokens: width and largest number of prompt states.
    objective: what the decoder predicts and how it is sampled: "flow" = rectified-flow velocity,
        "iddpm" = noise and learned variance (paper section 3.3).
    hole_frame: give each hole token its place within the hole (geometry.tokens.token_frames).
    pooled_text: add the mean prompt state to the timestep embedding.
    qk_norm: normalise queries and keys; PixArt does not.
    micro_conditions: embeddings of size and aspect ratio, as in PixArt-alpha 1024.
    interpolation_scale, base_size: stretch of the position embedding, as in PixArt; base_size is
        the grid it was trained for, None = this grid.
    empty_text: the empty prompt was trained as text, "continue the surroundings"; otherwise it
        means the null prompt.
    classes: number of learned classes that take the place of text; 0 = text.
    architecture: the paper's system, or one of its baselines (network/baseline_conditions.py).
    least_hole: smallest share of the window's side for a square as large as the hole's bounding
        box; smaller holes are magnified, so that a model learns objects at fewer sizes (ADR 2).
    object_grid: grid in pixels for places and half extents of training targets (ADR 4); 0 = none.
    look_styles: number of styles in which a prompt can carry a word's look; 0 = text only (ADR 22).
    """

    side: int = 512
    latent_channels: int = 16
    latent_scale: int = 16
    patch: int = 2
    width: int = 256
    heads: int = 4
    context_blocks: int = 3
    decoder_blocks: int = 6
    text_width: int = 384
    text_tokens: int = 12
    mask_channels: int = 8
    objective: Objective = "flow"
    hole_frame: bool = True
    pooled_text: bool = True
    qk_norm: bool = True
    micro_conditions: bool = False
    interpolation_scale: float = 1.0
    base_size: int | None = None
    empty_text: bool = True
    classes: int = 0
    architecture: Architecture = "lazydiffusion"
    least_hole: float = Framing.least
    object_grid: int = 0
    look_styles: int = 0

    def __post_init__(self) -> None:
        if self.side % self.token_pixels or self.width % self.heads or self.width % 4:
            raise ModelError(
                f"This model's sizes do not fit together: side {self.side}, "
                f"token {self.token_pixels}, width {self.width}, heads {self.heads}."
            )
        if self.micro_conditions and self.width % 3:
            raise ModelError(f"Micro-conditions need a width divisible by 3, not {self.width}.")
        if not 0 <= self.least_hole <= Framing.most:
            raise ModelError(f"The smallest hole cannot take {self.least_hole} of the window.")
        if not 0 <= self.object_grid <= self.side // 4:
            raise ModelError(f"Objects cannot lie on a grid of {self.object_grid} pixels.")
        if not 0 <= self.look_styles <= 64:
            raise ModelError(f"A prompt cannot have looks in {self.look_styles} styles.")
        if self.classes < 0 or (self.base_size is not None and self.base_size < 1):
            raise ModelError("A model cannot have fewer than 0 classes or an empty base grid.")
        if self.architecture not in ARCHITECTURES:
            raise ModelError(f"There is no architecture {self.architecture!r}.")

    @property
    def regenerates(self) -> bool:
        """Whether every token is computed at every step, not only the hole's."""
        return self.architecture != "lazydiffusion"

    @property
    def framing(self) -> Framing:
        """How a hole must lie in this model's window."""
        if self.architecture == "regenerate_crop":
            return Framing(CROP_SHARE, CROP_SHARE, self.object_grid)
        return Framing(self.least_hole, grid=self.object_grid)

    @property
    def token_pixels(self) -> int:
        """Side of a token, in pixels (16 at paper scale)."""
        return self.latent_scale * self.patch

    @property
    def grid(self) -> int:
        """Tokens along a side of the window."""
        return self.side // self.token_pixels

    @property
    def token_width(self) -> int:
        """Number of values in a token's latents."""
        return self.patch**2 * self.latent_channels

    @property
    def output_width(self) -> int:
        """Number of values predicted per token; twice the latents if the variance is learned."""
        return self.token_width * (2 if self.objective == "iddpm" else 1)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> LazyConfig:
        """Read a config; raises ModelError on unknown or ill-typed entries."""
        known = {k: v for k, v in values.items() if not k.startswith("_")}
        try:
            return cls(**known)
        except TypeError as error:
            raise ModelError(f"This is not a lazy diffusion model's config: {error}.") from error


def baseline(config: LazyConfig, architecture: Architecture) -> LazyConfig:
    """The config of the baseline to compare with a lazy model of this config.

    A crop has half the side and so a quarter of the tokens (512 of 1024 pixels in the paper), with
    the positions of a model made for that side.
    """
    same = replace(config, architecture=architecture, context_blocks=0)
    if architecture != "regenerate_crop":
        return same
    return replace(
        same,
        side=config.side // 2,
        base_size=config.base_size and config.base_size // 2,
        interpolation_scale=max(1.0, config.interpolation_scale / 2),
    )


BUNDLED = LazyConfig(least_hole=0.45, object_grid=32)
# The paper's model on PixArt-alpha 1024. Depth of the encoder: docs/adr/0004-model-sizes.md.
XL = LazyConfig(
    side=1024, latent_channels=4, latent_scale=8, width=1152, heads=16,
    context_blocks=6, decoder_blocks=28, text_width=4096, text_tokens=120, mask_channels=1,
    objective="iddpm", hole_frame=False, pooled_text=False, qk_norm=False,
    micro_conditions=True, interpolation_scale=2.0, base_size=64, empty_text=False,
)  # fmt: skip
