"""Colour of more than 8 bits through ICC profiles that are three curves and a matrix.

Pillow's lcms converts 8 bits a channel only, too few for the dark colours of a linear profile.
Working spaces for pictures (Display P3, Adobe RGB, ProPhoto, linear ones) are curves and a matrix,
which is a few lines of numpy. Source: ICC.1:2022, sections 10.6, 10.18 and F.3.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]
_STEPS = 65536
_D50 = (0.9642, 1.0, 0.8249)
_MAX_TAGS = 1000
# How many numbers a parametric curve has, by its type.
_PARAMETERS = {0: 1, 1: 3, 2: 4, 3: 5, 4: 7}


@dataclass(frozen=True, eq=False)
class MatrixProfile:
    """curves: (C, 65536) float64, linear light of evenly spaced samples, rising; C = 1 or 3.
    to_xyz: (3, C) float64, from linear light to XYZ under D50.
    """

    curves: npt.NDArray[np.float64]
    to_xyz: npt.NDArray[np.float64]

    def linear(self, samples: Floats) -> npt.NDArray[np.float64]:
        """(N, C) samples in [0,1] as linear light."""
        places = np.linspace(0, 1, _STEPS)
        planes = [np.interp(samples[:, k], places, curve) for k, curve in enumerate(self.curves)]
        return np.stack(planes, axis=1)

    def encoded(self, light: npt.NDArray[np.float64]) -> Floats:
        """(N, C) samples in [0,1] of linear light, clipped to what the profile can say."""
        places = np.linspace(0, 1, _STEPS)
        planes = [np.interp(light[:, k], curve, places) for k, curve in enumerate(self.curves)]
        return np.stack(planes, axis=1).astype(np.float32)


def convert(samples: Floats, source: MatrixProfile, target: MatrixProfile) -> Floats:
    """(N, C) samples in [0,1] from one profile to another, relative to white."""
    return target.encoded(source.linear(samples) @ _between(source, target))


def _between(source: MatrixProfile, target: MatrixProfile) -> npt.NDArray[np.float64]:
    """What light of the source is multiplied by, from the right, to be light of the target."""
    if target.to_xyz.shape[1] == 1:  # a grey has the brightness only
        return np.ascontiguousarray(source.to_xyz[1:2].T)
    return np.asarray(source.to_xyz.T @ np.linalg.inv(target.to_xyz).T)


def to_eight_bits(
    samples: npt.NDArray[Any], source: MatrixProfile, target: MatrixProfile
) -> npt.NDArray[np.uint8]:
    """As `convert`, of (N, C) uint16 or float32 samples to uint8, by tables: much faster.

    Light is looked up by its square root, which is about as fine as the eye is.
    """
    if samples.dtype == np.float32:
        samples = np.rint(np.clip(samples, 0, 1) * np.float32(_STEPS - 1)).astype(np.uint16)
    matrix = _between(source, target).astype(np.float32)
    curves = source.curves.astype(np.float32)
    planes = [curve[samples[:, k]] for k, curve in enumerate(curves)]
    roots = np.repeat(np.linspace(0, 1, _STEPS)[:, None] ** 2, len(target.curves), axis=1)
    tables = np.rint(target.encoded(roots) * 255).astype(np.uint8)
    done = np.empty((len(samples), tables.shape[1]), np.uint8)
    for k, column in enumerate(matrix.T):
        light = sum(plane * share for plane, share in zip(planes, column, strict=True))
        places = np.sqrt(np.clip(light, 0, 1)) * np.float32(_STEPS - 1) + np.float32(0.5)
        done[:, k] = tables[places.astype(np.uint16), k]
    return done


def matrix_profile(icc: bytes) -> MatrixProfile | None:
    """The curves and matrix of a profile; None if it has tables instead, or is damaged."""
    try:
        tags = _tags(icc)
        if icc[16:20] == b"GRAY":
            return MatrixProfile(_curve(tags[b"kTRC"])[None], np.array(_D50)[:, None])
        if b"A2B0" in tags or icc[16:20] != b"RGB ":
            return None
        curves = np.stack([_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC")])
        columns = [_xyz(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
    except (KeyError, ValueError, struct.error):
        return None
    to_xyz = np.array(columns).T
    if abs(np.linalg.det(to_xyz)) < 1e-6:
        return None
    return MatrixProfile(curves, to_xyz)


def _tags(icc: bytes) -> dict[bytes, bytes]:
    """The profile's tagged elements; those that the file cuts off are missing."""
    (count,) = struct.unpack_from(">I", icc, 128)
    rows = struct.iter_unpack(">4sII", icc[132 : 132 + 12 * min(count, _MAX_TAGS)])
    return {name: icc[start : start + size] for name, start, size in rows}


def _curve(element: bytes) -> npt.NDArray[np.float64]:
    """A tone curve at evenly spaced places; ValueError if it is none, or falls."""
    kind, count = element[:4], struct.unpack_from(">I", element, 8)[0]
    places = np.linspace(0, 1, _STEPS)
    if kind == b"para":
        curve = _parametric(element, places)
    elif kind == b"curv" and count < 2:
        gamma = struct.unpack_from(">H", element, 12)[0] / 256 if count else 1.0
        curve = places**gamma
    elif kind == b"curv":
        table = np.frombuffer(element, ">u2", count, 12) / 65535
        curve = np.interp(places, np.linspace(0, 1, count), table)
    else:
        raise ValueError(f"no curve: {kind!r}")
    if not np.isfinite(curve).all() or np.diff(curve).min() < 0 or curve[-1] <= curve[0]:
        raise ValueError("a curve that cannot be reversed")
    return np.clip(curve, 0, 1)


def _parametric(element: bytes, places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    kind = struct.unpack_from(">H", element, 8)[0]
    if kind not in _PARAMETERS:
        raise ValueError(f"no parametric curve: {kind}")
    count = _PARAMETERS[kind]
    numbers = np.zeros(7)
    numbers[:count] = np.array(struct.unpack_from(f">{count}i", element, 12)) / 65536
    gamma, a, b, c, d, e, f = numbers
    if kind == 0:
        return np.asarray(places**gamma)
    if kind in (1, 2):  # below -b/a it is constant
        return np.asarray(np.maximum(a * places + b, 0) ** gamma + (c if kind == 2 else 0))
    return np.where(places >= d, np.maximum(a * places + b, 0) ** gamma + e, c * places + f)


def _xyz(element: bytes) -> tuple[float, float, float]:
    x, y, z = struct.unpack_from(">3i", element, 8)
    return x / 65536, y / 65536, z / 65536
