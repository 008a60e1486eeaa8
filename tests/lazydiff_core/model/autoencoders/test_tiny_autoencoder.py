from __future__ import annotations

from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderTiny

from lazydiff_core.errors import ModelError
from lazydiff_core.model.autoencoders.tiny_autoencoder import TinyAutoencoder
from lazydiff_core.model.autoencoders.vae_folder import load_vae

SIZES = {
    "encoder_block_out_channels": (8,) * 4,
    "decoder_block_out_channels": (8,) * 4,
    "num_encoder_blocks": (1, 1, 1, 1),
    "num_decoder_blocks": (1, 1, 1, 1),
}


@torch.no_grad()
@pytest.mark.parametrize("factor", [1.0, 0.5])
def test_it_is_read_from_a_folder(tmp_path: Path, factor: float) -> None:
    vae = AutoencoderTiny(**SIZES, scaling_factor=factor)
    vae.half().save_pretrained(tmp_path)
    codec = load_vae(tmp_path)
    assert isinstance(codec, TinyAutoencoder)
    assert (codec.channels, codec.scale) == (4, 8)
    assert all(p.dtype == torch.float32 and not p.requires_grad for p in codec.parameters())
    image = torch.rand(2, 3, 32, 48) * 2 - 1
    latents = codec.encode(image)
    assert latents.shape == (2, 4, 4, 6)
    assert torch.allclose(latents, codec.vae.encode(image).latents * factor)
    decoded = codec.decode(latents)
    assert torch.allclose(decoded, codec.vae.decode(latents / factor).sample, atol=1e-6)
    assert torch.allclose(codec.channels_last().decode(latents), decoded, atol=1e-4)


def test_folders_of_other_kinds(tmp_path: Path, pixart_pipeline: Path) -> None:
    with pytest.raises(ModelError, match=r"no config\.json"):
        load_vae(tmp_path)
    with pytest.raises(ModelError, match="T5EncoderModel"):
        load_vae(pixart_pipeline / "text_encoder")
    (tmp_path / "config.json").write_text("[]")
    with pytest.raises(ModelError, match="not say what autoencoder"):
        load_vae(tmp_path)
