"""Tiny networks as ONNX files, in the layouts of LaMa and MI-GAN, written byte by byte."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

FLOAT, UINT8 = 1, 2
SIDE = 512


def write_lama(path: Path, colour: Sequence[int] = (200, 100, 50)) -> Path:
    """A network of LaMa's layout that paints the hole in a colour, darker towards the left."""
    ramp = np.linspace(0.5, 1, SIDE, dtype=np.float32)[None, None, None]
    paint = np.array(colour, np.float32)[None, :, None, None] * ramp
    nodes = [
        _node("Sub", ["one", "mask"], "visible"),
        _node("Mul", ["image", "visible"], "seen"),
        _node("Mul", ["seen", "white"], "kept"),
        _node("Mul", ["paint", "mask"], "painted"),
        _node("Add", ["kept", "painted"], "output"),
    ]
    constants = [
        _tensor("one", np.float32([1])),
        _tensor("white", np.float32([255])),
        _tensor("paint", np.ascontiguousarray(np.broadcast_to(paint, (1, 3, SIDE, SIDE)))),
    ]
    return _write(path, nodes, constants, FLOAT)


def write_migan(path: Path) -> Path:
    """A network of MI-GAN's layout that negates the mask into the picture: hole 255, rest 0."""
    nodes = [
        _node("Cast", ["image"], "pixels", FLOAT),
        _node("Cast", ["mask"], "visible", FLOAT),
        _node("Mul", ["pixels", "zero"], "nothing"),
        _node("Sub", ["white", "visible"], "hole"),
        _node("Add", ["nothing", "hole"], "drawn"),
        _node("Cast", ["drawn"], "output", UINT8),
    ]
    constants = [_tensor("zero", np.float32([0])), _tensor("white", np.float32([255]))]
    return _write(path, nodes, constants, UINT8)


def _write(path: Path, nodes: list[bytes], constants: list[bytes], kind: int) -> Path:
    graph = b"".join(
        (
            *(_field(1, node) for node in nodes),
            _field(2, b"g"),
            *(_field(5, constant) for constant in constants),
            _field(11, _value("image", kind, 3)),
            _field(11, _value("mask", kind, 1)),
            _field(12, _value("output", kind, 3)),
        )
    )
    opset = _field(8, _number(2, 13))
    path.write_bytes(_number(1, 8) + _field(7, graph) + opset)
    return path


def _node(kind: str, inputs: list[str], output: str, to: int = 0) -> bytes:
    attribute = _field(1, b"to") + _number(3, to) + _number(20, 2)
    return b"".join(
        (
            *(_field(1, name.encode()) for name in inputs),
            _field(2, output.encode()),
            _field(3, output.encode()),
            _field(4, kind.encode()),
            *([_field(5, attribute)] if to else []),
        )
    )


def _tensor(name: str, values: np.ndarray) -> bytes:
    dims = b"".join(_number(1, side) for side in values.shape)
    return dims + _number(2, FLOAT) + _field(8, name.encode()) + _field(9, values.tobytes())


def _value(name: str, kind: int, channels: int) -> bytes:
    sides = (1, channels, SIDE, SIDE)
    shape = b"".join(_field(1, _number(1, side)) for side in sides)
    tensor = _number(1, kind) + _field(2, shape)
    return _field(1, name.encode()) + _field(2, _field(1, tensor))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(field: int, payload: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(payload)) + payload


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
