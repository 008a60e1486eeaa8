"""How the fills of an evaluation are sampled."""

from __future__ import annotations

from dataclasses import dataclass

from lazydiff_core.contract import RGB, EditRequest, Mask


@dataclass(frozen=True)
class Sampling:
    """How to sample; None = the model's default. The seed is the same for every trial."""

    seed: int = 0
    steps: int | None = None
    guidance: float | None = None
    sampler: str | None = None

    def request(self, image: RGB, mask: Mask, prompt: str, blender: str = "poisson") -> EditRequest:
        """The edit that is sampled so."""
        return EditRequest(
            image,
            mask,
            prompt=prompt,
            seed=self.seed,
            steps=self.steps,
            guidance=self.guidance,
            sampler=self.sampler,
            blender=blender,
        )


DEFAULTS = Sampling()
