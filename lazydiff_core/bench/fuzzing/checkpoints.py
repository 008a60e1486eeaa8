"""Targets of the core: model folders. `python -m lazydiff_core.bench.fuzzing.checkpoints`.

The checksums in config.json would reject every broken weights file, so they are left out: the
readers behind them are what is fuzzed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from lazydiff_core.bench.fuzzing.fuzz_child import main
from lazydiff_core.bench.fuzzing.target import Target

_FOLDER = "model"


def _make(folder: Path) -> Path:
    import torch

    from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder, AutoencoderConfig
    from lazydiff_core.model.checkpoint.checkpoint import Checkpoint, Defaults, save_checkpoint
    from lazydiff_core.model.files.config import LOOK_CELLS, LazyConfig
    from lazydiff_core.model.network.lazy_model import LazyDiffusion
    from lazydiff_core.model.references.lexicon import STYLES, Lexicon

    torch.set_num_threads(1)
    sizes: dict[str, Any] = {"latent_channels": 4, "latent_scale": 4, "width": 32, "heads": 2}
    blocks: dict[str, Any] = {"context_blocks": 1, "decoder_blocks": 1, "mask_channels": 2}
    lexicon = Lexicon(
        torch.zeros(2, 5, LOOK_CELLS, LOOK_CELLS, dtype=torch.int8),
        torch.ones(2, 5),
        torch.ones(2, 2).half(),
        torch.ones(2, 2, 4).half(),
        torch.arange(2),
        torch.zeros(1, 4, 16, 16, dtype=torch.int8),
        torch.ones(1, 4),
        {"apple": (0, 2), "grass": (2, 2)},
        {"grass": (0, 1)},
        {"red apple": "apple"},
        {"grass": "grass"},
        frozenset({"apple"}),
        frozenset(),
    )
    lazy = LazyDiffusion(LazyConfig(side=64, look_styles=len(STYLES), **sizes, **blocks))
    widths: dict[str, Any] = {"stem": 2, "fine_width": 8, "width": 16, "blocks": 1}
    decoder: dict[str, Any] = {"decoder_widths": (16, 8), "decoder_blocks": (1, 1)}
    autoencoder = Autoencoder(AutoencoderConfig(scale=4, channels=4, **widths, **decoder))
    model = folder / _FOLDER
    checkpoint = Checkpoint("tiny", lazy, autoencoder, Defaults(), ("apple",), lexicon=lexicon)
    save_checkpoint(model, checkpoint)
    config = json.loads((model / "config.json").read_text())
    config["sha256"] = {}
    (model / "config.json").write_text(json.dumps(config))
    return model


def _samples_of(name: str) -> Any:
    return lambda folder: [(_make(folder) / name).read_bytes()]


def _reader_of(name: str) -> Any:
    def read(path: Path, folder: Path) -> object:
        from lazydiff_core.model.checkpoint.checkpoint import load_checkpoint

        (folder / _FOLDER / name).write_bytes(path.read_bytes())
        return load_checkpoint(folder / _FOLDER)

    return read


TARGETS = {
    row: Target(_samples_of(name), _reader_of(name))
    for row, name in (
        ("weights", "lazy.safetensors"),
        ("lexicon", "lexicon.safetensors"),
        ("model-config", "config.json"),
    )
}


if __name__ == "__main__":
    sys.exit(main(TARGETS, sys.argv[1:]))
