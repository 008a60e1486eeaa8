"""Tiny models with random weights: no layer is zero, so that every path counts.

torch is imported inside the fixtures, so that the tests without it start at once.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from lazydiff_core.contract import EditRequest
from lazydiff_core.model.files.config import LazyConfig
from tests.lazydiff_core.tiny import TINY_AUTOENCODER

if TYPE_CHECKING:
    from lazydiff_core.backends.lazydiffusion import LazyBackend
    from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
    from lazydiff_core.model.checkpoint.checkpoint import Checkpoint
    from lazydiff_core.model.network.lazy_model import LazyDiffusion
    from lazydiff_core.model.text.text_encoder import TextEncoder

TINY = LazyConfig(
    side=64,
    latent_channels=4,
    latent_scale=4,
    width=32,
    heads=2,
    context_blocks=2,
    decoder_blocks=2,
    mask_channels=2,
)


@pytest.fixture(autouse=True)
def no_models_of_anyone(tmp_path_factory: pytest.TempPathFactory, monkeypatch: Any) -> Path:
    """An empty registry, whatever models the user who runs the tests has added."""
    folder: Path = tmp_path_factory.mktemp("registry")
    monkeypatch.setattr("lazydiff_core.model_store.registry.user_data_path", lambda *a, **k: folder)
    return folder


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    """Tiny products are slower on several threads; those that import torch have done so by now."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_config() -> LazyConfig:
    """64 pixels wide, 8x8 tokens of 8 pixels."""
    return TINY


@pytest.fixture(scope="session")
def randomise() -> Callable[[Any], Any]:
    """Fills every parameter of a module with noise of a sensible size; returns the module."""
    import torch

    def fill(module: Any, seed: int = 0) -> Any:
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for p in module.parameters():
                size = p[0].numel() ** -0.5 if p.ndim > 1 else 0.3
                p.copy_(torch.randn(p.shape, generator=generator) * size)
        return module.eval()

    return fill


MakeLazy = Callable[..., "LazyDiffusion"]


@pytest.fixture(scope="session")
def make_lazy(randomise: Callable[[Any], Any]) -> MakeLazy:
    """A tiny random model; keyword arguments change its config."""
    from lazydiff_core.model.network.lazy_model import LazyDiffusion

    def make(**changes: Any) -> LazyDiffusion:
        lazy: LazyDiffusion = randomise(LazyDiffusion(dataclasses.replace(TINY, **changes)))
        return lazy

    return make


@pytest.fixture(scope="session")
def tiny_autoencoder(randomise: Callable[[Any], Any]) -> Autoencoder:
    """4 pixels a latent, 4 channels, random and white on random images."""
    import torch

    from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder, AutoencoderConfig

    sizes = AutoencoderConfig(**TINY_AUTOENCODER)
    autoencoder: Autoencoder = randomise(Autoencoder(sizes))
    images = torch.rand(8, 3, 32, 32, generator=torch.Generator().manual_seed(1)) * 2 - 1
    with torch.no_grad():
        autoencoder.follow_statistics(autoencoder.encoder(images), momentum=1)
    return autoencoder


class WordStates:
    """A text encoder without weights: random states that depend on the words alone."""

    def encode(self, prompts: list[str]) -> Any:
        import torch

        from lazydiff_core.model.text.prompt import Prompt

        rows = [self._states(prompt.strip().lower()) for prompt in prompts]
        longest = max(len(row) for row in rows)
        states, mask = torch.zeros(len(rows), longest, 384), torch.zeros(len(rows), longest) > 0
        for k, row in enumerate(rows):
            states[k, : len(row)], mask[k, : len(row)] = row, True
        return Prompt(states, mask, torch.stack([row.mean(0) for row in rows]))

    def _states(self, prompt: str) -> Any:
        import torch

        words = ["", *prompt.split()]
        return torch.cat(
            [
                torch.randn(1, 384, generator=torch.Generator().manual_seed(sum(word.encode())))
                for word in words
            ]
        )


@pytest.fixture(scope="session")
def word_states() -> TextEncoder:
    return WordStates()


@pytest.fixture(scope="session")
def tiny_checkpoint(make_lazy: MakeLazy, tiny_autoencoder: Autoencoder) -> Checkpoint:
    """Never changed by a test: it is moved to no other device than the CPU."""
    from lazydiff_core.model.checkpoint.checkpoint import Checkpoint, Defaults

    return Checkpoint("tiny", make_lazy(), tiny_autoencoder, Defaults(4, 2.0), ("apple",))


@pytest.fixture
def tiny_folder(tiny_checkpoint: Checkpoint, tmp_path: Path) -> Path:
    """A saved model folder."""
    from lazydiff_core.model.checkpoint.checkpoint import save_checkpoint

    save_checkpoint(tmp_path / "tiny", tiny_checkpoint)
    return tmp_path / "tiny"


@pytest.fixture(scope="session")
def tiny_backend(tiny_checkpoint: Checkpoint, word_states: TextEncoder) -> LazyBackend:
    import torch

    from lazydiff_core.backends.lazydiffusion import LazyBackend

    return LazyBackend(tiny_checkpoint, word_states, torch.device("cpu"))


@pytest.fixture(scope="session")
def pixart_pipeline(
    tmp_path_factory: pytest.TempPathFactory, randomise: Callable[[Any], Any]
) -> Path:
    """A tiny random PixArt pipeline's folder, 128 pixels wide; never changed by a test."""
    from diffusers import AutoencoderKL, PixArtTransformer2DModel
    from transformers import T5Config, T5EncoderModel

    folder = tmp_path_factory.mktemp("pipeline")
    transformer = PixArtTransformer2DModel(
        num_attention_heads=2,
        attention_head_dim=12,
        num_layers=2,
        cross_attention_dim=24,
        sample_size=16,
        caption_channels=32,
        use_additional_conditions=True,
        interpolation_scale=2,
    )
    blocks = {
        "down_block_types": ["DownEncoderBlock2D"] * 4,
        "up_block_types": ["UpDecoderBlock2D"] * 4,
    }
    vae = AutoencoderKL(block_out_channels=[8] * 4, norm_num_groups=4, layers_per_block=1, **blocks)
    sizes = {"d_model": 32, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_heads": 2}
    text = T5EncoderModel(T5Config(vocab_size=64, feed_forward_proj="gated-gelu", **sizes))
    for name, part in (("transformer", transformer), ("vae", vae), ("text_encoder", text)):
        randomise(part).save_pretrained(folder / name)
    (folder / "tokenizer").mkdir()
    _letters().save(str(folder / "tokenizer" / "tokenizer.json"))
    return folder


def _letters() -> Any:
    """A tokenizer as T5's, whose pieces are the letters."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    pieces = ["<pad>", "</s>", "<unk>", "\N{LOWER ONE EIGHTH BLOCK}", *"abcdefghijklmnopqrstuvwxyz"]
    tokenizer = Tokenizer(models.Unigram([(piece, -2.0) for piece in pieces], unk_id=2))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    return tokenizer


@pytest.fixture(scope="session")
def parts_folder(pixart_pipeline: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder made of that pipeline, its new layers filled too; never changed by a test."""
    import torch

    from lazydiff_core.model.checkpoint.from_pixart import config_for_pixart, initialise_from_pixart
    from lazydiff_core.model.checkpoint.pipeline_folder import Sources, save_parts
    from lazydiff_core.model.text.t5 import T5Folders

    transformer = pixart_pipeline / "transformer"
    lazy = initialise_from_pixart(str(transformer), config_for_pixart(transformer))
    with torch.no_grad():  # so that the context counts
        generator = torch.Generator().manual_seed(2)
        lazy.decoder.join.weight += torch.randn(24, 48, generator=generator) * 0.1
    text = T5Folders(pixart_pipeline / "text_encoder", pixart_pipeline / "tokenizer")
    folder = tmp_path_factory.mktemp("models") / "parts"
    save_parts(folder, lazy, Sources(pixart_pipeline / "vae", text))
    return folder


@pytest.fixture(scope="session")
def make_request() -> Callable[..., EditRequest]:
    """A request on a random canvas; `hole` is (left, top, right, bottom)."""

    def make(
        size: tuple[int, int] = (48, 64),
        hole: tuple[int, int, int, int] = (16, 12, 40, 36),
        **changes: Any,
    ) -> EditRequest:
        image = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
        mask = np.zeros(size, bool)
        left, top, right, bottom = hole
        mask[top:bottom, left:right] = True
        return EditRequest(**({"image": image, "mask": mask, "prompt": "red apple"} | changes))

    return make
