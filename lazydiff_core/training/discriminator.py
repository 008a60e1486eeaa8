"""What makes a decoder draw sharp edges: a small network that tells real patches from decoded ones.

Hinge losses (Lim and Ye, "Geometric GAN") on patch scores, spectral norm for stability, and the
weight of the adversarial term set by the ratio of gradients at the decoder's last layer (Esser et
al., "Taming transformers"). A reconstruction loss alone leaves edges soft: where they lie is
uncertain by a pixel or two, and the mean over that uncertainty is a blur.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm


class Discriminator(nn.Sequential):
    """(B,3,H,W) images in [-1,1] to (B,1,H/8,W/8) scores, high for real ones."""

    def __init__(self, width: int = 48) -> None:
        layers: list[nn.Module] = [nn.PixelUnshuffle(2)]
        channels = 12
        for factor, stride in ((1, 1), (2, 2), (4, 2)):
            conv = nn.Conv2d(channels, width * factor, 3, stride=stride, padding=1)
            layers += [spectral_norm(conv), nn.LeakyReLU(0.2)]
            channels = width * factor
        super().__init__(*layers, spectral_norm(nn.Conv2d(channels, 1, 3, padding=1)))


def hinge_loss(real: Tensor, fake: Tensor) -> Tensor:
    """The discriminator's loss: real scores above 1, fake ones below -1."""
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()


def balance(reconstruction: Tensor, adversarial: Tensor, last: Tensor, most: float = 1e3) -> Tensor:
    """The factor that gives both terms the same gradient at the parameter `last`."""
    wanted = torch.autograd.grad(reconstruction, last, retain_graph=True)[0].norm()
    given = torch.autograd.grad(adversarial, last, retain_graph=True)[0].norm()
    factor: Tensor = (wanted / (given + 1e-6)).clamp(max=most).detach()
    return factor
