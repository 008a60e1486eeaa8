"""`lazydiff self-test`: load, fill, save, reopen. Packages run it where they were installed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.contract import EditRequest, EditResult
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import LazyDiffError, ModelError, TargetError
from lazydiff_core.images.reading import read_image
from lazydiff_core.images.writing import encode
from lazydiff_core.storage.safe_files import write_files

_SIDE = 256


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--device", metavar="D", help="cpu, cuda, mps ... (default: the best there is)"
    )


def _self_test(args: Namespace) -> Report:
    try:
        result = _filled(args.device)
    except LazyDiffError:
        raise
    except Exception as error:  # a library that is missing or broken: say so in one sentence, too
        words = " ".join(str(error).split())[:300]
        raise ModelError(
            f"The bundled model cannot fill: {type(error).__name__}: {words}."
        ) from error
    with TemporaryDirectory(prefix="lazydiff-") as folder:
        path = Path(folder) / "filled.png"
        write_files({path: encode(result.image, path)})
        again = read_image(path)
    if not np.array_equal(again, result.image):
        raise TargetError("The picture that was saved is another when it is opened again.")
    seconds = result.seconds["total"]
    document = {"ok": True, "device": result.device, "model": result.model, "seconds": seconds}
    return Report(document, f"Loaded, filled in {seconds:.1f} s, saved and reopened: all is well.")


def _filled(device: str | None) -> EditResult:
    """A disc of a grey canvas, filled by the bundled model."""
    y, x = np.ogrid[:_SIDE, :_SIDE]
    mask = np.hypot(y - _SIDE / 2, x - _SIDE / 2) < _SIDE / 4
    canvas = np.full((_SIDE, _SIDE, 3), 160, np.uint8)
    result = Engine.load(device=device).run(
        EditRequest(canvas, mask, prompt="a red mushroom", seed=1)
    )
    if result.pixels_changed_outside_mask or not (result.image[mask] != 160).any():
        raise ModelError("The bundled model fills nothing, or more than the mask.")
    return result


SELF_TEST = Command(
    "self-test", "Load, fill, save, reopen: whether this installation works.", _self_test,
    _add_arguments,
)  # fmt: skip
