"""The forty surfaces that models are asked for, and how each is recognised.

A surface is recognised by its colours and its least amount of structure. Both are set by hand; a
drawing of the surface as models learn it must pass, else the score would ask for another one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Surface:
    """colours: what the surface is made of, as sRGB in hexadecimal; shades of each count as well.

    reach: how far in CIELAB a pixel may be from one of them; lightness counts half beside a hue.
    structure: least deviation of lightness (L of 0..100) about its local mean; 0 = may be flat.
    """

    prompt: str
    colours: tuple[str, ...]
    structure: float = 0.0
    reach: float = 20.0


GREEN = ("4f8a2c", "6fae3a", "365f22", "8cc152", "2c7d1e", "3f9a36")
BLUES = ("2e7fc0", "1c5f9a", "58a8dc", "2a6fae")
WOOD = ("8a5a34", "b07a48", "6b4426", "c99a63")
SUNSET = ("61387f", "f57a5c", "ffd16b", "b04f7c", "f9a15a", "e8697a", "b5787c")
GREY = ("8a8a8c", "6c6c70", "a9a9ab", "55555a", "8c867c")

SURFACES = (
    Surface("blue sky", ("4d94ee", "8fc4f7", "c2e4ff", "6aa9e9"), reach=15),
    Surface("cloudy sky", ("4d94ee", "8fc4f7", "c2e4ff", "f4f8fd", "c9d3de"), reach=14),
    Surface("sunset sky", SUNSET, reach=24),
    Surface("night sky with stars", ("080a29", "161640", "242461", "2e2e70"), reach=24),
    Surface("sea", (*BLUES, "2f8f9f", "8fd0e6"), reach=24),
    Surface("lake", (*BLUES, "2f8f9f", "8fc0d6"), reach=24),
    Surface("river", (*BLUES, "2f8f9f", "8fd0e6"), reach=24),
    Surface("water", (*BLUES, "2f8f9f", "8fd0e6"), reach=24),
    Surface("grass", GREEN, 0.5, 24),
    Surface("meadow", (*GREEN, "a5c95a", "e8d24a", "d86a9a"), 0.5, 26),
    Surface("forest floor", (*GREEN, "6b4a2c", "8a6a3c", "4a3a22"), 0.5, 22),
    Surface("leaves", (*GREEN, "2f7a3a"), 0.5, 26),
    Surface("snow", ("f4f8ff", "e3ebf7", "cfdcec"), reach=10),
    Surface("ice", ("cfeaf5", "a9d8ee", "e6f6fb", "88c4e4"), reach=16),
    Surface("sand", ("e6c78a", "d8b473", "f0d9a6", "c9a062"), 0.2, 18),
    Surface("soil", ("5a3d26", "7a5636", "45301f", "8c6a48"), 0.4, 18),
    Surface("mud", ("5a4330", "7a5c40", "45362a", "8c7054"), 0.3, 18),
    Surface("rock face", (*GREY, "7a7268"), 0.8, 14),
    Surface("gravel", (*GREY, "b8b0a4"), 1.5, 14),
    Surface("pebbles", (*GREY, "b8b0a4", "9a8a78", "e0d6c4", "3a3a3c"), 1.5, 16),
    Surface("cobblestones", (*GREY, "7a7268", "3c3c40"), 1.5, 14),
    Surface("stone wall", (*GREY, "7a7268", "b0a898"), 1.5, 14),
    Surface("brick wall", ("a84c38", "8e3c2c", "c06850", "743224", "d8b4a8"), 1.5, 22),
    Surface("roof tiles", ("b04a34", "8e3c2c", "c8643f", "743224", "d27a50"), 1.0, 24),
    Surface("wooden planks", WOOD, 0.4, 22),
    Surface("wooden floor", WOOD, 0.4, 22),
    Surface("tree bark", ("5c4230", "7a5a40", "3e2c20", "8f7256", "6b6058"), 0.5, 18),
    Surface("straw", ("d9b64f", "e8cf7a", "b8923a", "c9a545"), 0.8, 22),
    Surface("bathroom tiles", ("e8eef2", "cfe0ea", "9fc4d8", "b8bcc0", "6fa8c8"), 0.8, 18),
    Surface("marble", ("eeeeee", "dcdcde", "c4c4c8"), reach=12),
    Surface("concrete", (*GREY, "c8c8c4"), 0.4, 12),
    Surface("metal", ("8e959c", "b4bac0", "6a7078", "c4cad0", "d6dae0"), 0.5, 11),
    Surface("paper", ("f5efdf", "ece2c8", "faf7ee", "e0d5b8", "dcc69a", "e8d0a8"), reach=12),
    Surface("red fabric", ("b02a34", "8c1f2a", "d0525a", "f4443c", "6e1822"), reach=24),
    Surface("leather", ("6b3f24", "8a5432", "4a2c1a", "a06a40"), 0.3, 20),
    Surface("lava", ("f04a10", "ff9a20", "2a1412", "8c1c0c", "ffd050"), 1.5, 26),
    Surface("fur", ("9a6a3c", "c08a54", "6b4a2c", "d8b080", "8c8078"), 0.6, 22),
    Surface("blue carpet", ("3269dc", "2c5cc8", "3a80f8", "1e48a8", "2c4a8c"), 0.5, 22),
    Surface("checkerboard", ("f8f8f8", "101012"), 3.0, 24),
    Surface("moss", ("5a7a2c", "7a9a3c", "45601f", "93ad58"), 0.6, 22),
)  # fmt: skip
