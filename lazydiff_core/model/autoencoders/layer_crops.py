"""Convolutional networks on a part of a picture: each layer computes what the next one needs.

A plain crop carries the halo of the whole network through every layer. Here the halo shrinks from
layer to layer, which halves the work for a small crop and gives the same result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from torch import Tensor, nn

from lazydiff_core.contract import Box

_CELL_BY_CELL = (nn.BatchNorm2d, nn.Dropout, nn.GELU, nn.Identity, nn.Mish, nn.ReLU, nn.SiLU)
_KNOWN = (nn.Conv2d, nn.PixelShuffle, nn.PixelUnshuffle, nn.Upsample, *_CELL_BY_CELL)

# (cells of `box`, (B,C,h,w); box) -> (B,C',h',w'). Most layers ignore the box.
Run: TypeAlias = Callable[[Tensor, Box], Tensor]


@dataclass(frozen=True)
class LayerStep:
    """A layer that can run on a part of its input. Boxes are in cells of its input or output.

    run:   computes the layer on a box.
    reach: number of outputs next to a cut that are wrong, because their inputs were cut off.
    down:  input cells per output cell, along a side.
    up:    output cells per input cell, along a side. Either `down` or `up` is 1.
    """

    run: Run
    reach: int = 0
    down: int = 1
    up: int = 1

    def makes(self, box: Box) -> Box:
        """The output cells that belong to the input cells `box`."""
        return box.scale(self.up, self.down)

    def needs(self, box: Box) -> Box:
        """The input cells whose outputs cover `box`."""
        return box.scale(self.down, self.up)


def cut_cells(x_BCHW: Tensor, box: Box, origin: Box | None = None) -> Tensor:
    """The cells of `box`; `x_BCHW` holds the cells of `origin` (default: from 0, 0)."""
    inside = box.relative_to(origin) if origin else box
    return x_BCHW[(..., *inside.slices)]


def run_whole(steps: Iterable[LayerStep], x_BCHW: Tensor) -> Tensor:
    """Run all steps on the whole input."""
    for step in steps:
        x_BCHW = step.run(x_BCHW, _cells(x_BCHW))
    return x_BCHW


def run_within(steps: Sequence[LayerStep], x_BCHW: Tensor, wanted: Box) -> Tensor:
    """The cells `wanted` of `run_whole(steps, x_BCHW)`, computing only what they depend on."""
    plan = []
    for step, bounds in zip(reversed(steps), reversed(_bounds(steps, x_BCHW)), strict=True):
        source = step.needs(wanted.grow(step.reach).clip(bounds))
        plan.append((step, source, wanted))
        wanted = source
    y = cut_cells(x_BCHW, wanted)
    for step, source, wanted in reversed(plan):
        y = cut_cells(step.run(y, source), wanted, step.makes(source))
    return y


def run_keeping(
    steps: Iterable[LayerStep], x_BCHW: Tensor, max_bytes: int
) -> tuple[Tensor, list[Tensor] | None]:
    """`run_whole`, and the outputs of all steps; None if they take more than `max_bytes`."""
    kept: list[Tensor] | None = []
    taken = 0
    for step in steps:
        x_BCHW = step.run(x_BCHW, _cells(x_BCHW))
        taken += x_BCHW.numel() * x_BCHW.element_size()
        kept = None if kept is None or taken > max_bytes else [*kept, x_BCHW]
    return x_BCHW, kept


def run_changed(
    steps: Sequence[LayerStep], x_BCHW: Tensor, kept: Sequence[Tensor], changed: Box
) -> list[Tensor]:
    """The outputs of all steps, given those of an input that differs only in `changed`.

    Several changes can be applied one after another: the last one corrects the cells that several
    of them reach.
    """
    outputs = []
    for step, before in zip(steps, kept, strict=True):
        source, reached = _reached(step, changed, _cells(before))
        after = before.clone()
        made = step.run(cut_cells(x_BCHW, source), source)
        after[(..., *reached.slices)] = cut_cells(made, reached, step.makes(source))
        outputs.append(after)
        x_BCHW, changed = after, reached
    return outputs


def _reached(step: LayerStep, changed: Box, bounds: Box) -> tuple[Box, Box]:
    """The input cells to compute from, and the output cells that `changed` can reach."""
    reached = step.makes(changed).grow(step.reach).clip(bounds)
    return step.needs(reached.grow(step.reach).clip(bounds)), reached


def work_changed(steps: Sequence[LayerStep], x_BCHW: Tensor, changed: Box) -> float:
    """Cells computed by `run_changed`, as a share of all cells of all steps."""
    done = total = 0
    for step, bounds in zip(steps, _bounds(steps, x_BCHW), strict=True):
        source, changed = _reached(step, changed, bounds)
        made = step.makes(source)
        done += made.width * made.height
        total += bounds.width * bounds.height
    return done / total


def spread(steps: Sequence[LayerStep], x_BCHW: Tensor, changed: Box) -> Box:
    """The output cells that the input cells `changed` can reach."""
    for step, bounds in zip(steps, _bounds(steps, x_BCHW), strict=True):
        changed = step.makes(changed).grow(step.reach).clip(bounds)
    return changed


def work_within(steps: Sequence[LayerStep], x_BCHW: Tensor, wanted: Box) -> float:
    """Cells computed by `run_within`, as a share of all cells of all steps."""
    done = total = 0
    for step, bounds in zip(reversed(steps), reversed(_bounds(steps, x_BCHW)), strict=True):
        wanted = step.needs(wanted.grow(step.reach).clip(bounds))
        made = step.makes(wanted)
        done += made.width * made.height
        total += bounds.width * bounds.height
    return done / total


def _cells(x_BCHW: Tensor) -> Box:
    return Box.of(tuple(x_BCHW.shape[-2:]))


def _bounds(steps: Iterable[LayerStep], x_BCHW: Tensor) -> list[Box]:
    """The box of all output cells of each step."""
    box, bounds = _cells(x_BCHW), []
    for step in steps:
        box = step.makes(box)
        bounds.append(box)
    return bounds


def anywhere(layer: Callable[[Tensor], Tensor]) -> Run:
    """`Run` for a layer that ignores its place."""
    return lambda x, box: layer(x)


def step_of(layer: nn.Module) -> LayerStep:
    """The step for a torch layer or block of layers.

    Raises TypeError for a layer of unknown receptive field: a wrong guess would show as a seam.
    """
    for part in layer.modules():
        if not (isinstance(part, _KNOWN) or any(True for _ in part.children())):
            raise TypeError(f"The receptive field of a {type(part).__name__} is not known.")
    run = anywhere(layer)
    match layer:
        case nn.Conv2d():
            return LayerStep(run, reach=reach_of(layer), down=layer.stride[0])
        case nn.PixelUnshuffle():
            return LayerStep(run, down=layer.downscale_factor)
        case nn.PixelShuffle():
            return LayerStep(run, up=layer.upscale_factor)
        case nn.Upsample():
            assert isinstance(layer.scale_factor, int | float)
            return LayerStep(run, up=int(layer.scale_factor))
    return LayerStep(run, reach=reach_of(layer))


def reach_of(block: nn.Module) -> int:
    """Number of cells on each side that an output depends on: the sum over all convolutions."""
    convolutions = (part for part in block.modules() if isinstance(part, nn.Conv2d))
    return sum(layer.kernel_size[0] // 2 * layer.dilation[0] for layer in convolutions)
