"""The running mean of a model's weights.

The mean is torch.optim.swa_utils' own, taken tensor by tensor, so it is sharded as the weights are:
AveragedModel copies the module, which FSDP2 refuses, and diffusers' EMAModel imports all of
diffusers' models first.
"""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn


class Ema:
    """`weights` follow those of `model`; both may be sharded.

    Its memory grows with the steps taken, (1 + n) / (10 + n), up to `decay`.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay, self.taken = decay, 0
        self._names, followed = zip(*model.named_parameters(), strict=True)
        self._followed = list(followed)
        self._means = [parameter.detach().clone() for parameter in followed]

    def update(self) -> None:
        """After each step of the optimizer."""
        decay = min(self.decay, (self.taken + 1) / (self.taken + 10))
        get_ema_multi_avg_fn(decay)(self._means, self._followed, self.taken)
        self.taken += 1

    def weights(self) -> Iterator[tuple[str, Tensor]]:
        """The mean of each weight, by its name; filling it fills the mean."""
        return zip(self._names, self._means, strict=True)
