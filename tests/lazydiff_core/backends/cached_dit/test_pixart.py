"""Any set of tokens through PixArt: against diffusers' own transformer."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import PixArtTransformer2DModel

from lazydiff_core.backends.cached_dit import pixart as pixart_module
from lazydiff_core.backends.cached_dit.family import open_family
from lazydiff_core.backends.cached_dit.kv_entry import (
    KVCacheEntry,
    PlainAttention,
    RecordKV,
    ReuseKV,
    Storage,
)
from lazydiff_core.backends.cached_dit.needs import planned_needs
from lazydiff_core.backends.cached_dit.pipeline_reader import open_folder
from lazydiff_core.backends.cached_dit.pixart import PixArt
from lazydiff_core.backends.fitting import Fit, stages_of
from lazydiff_core.doctor.tiny_pipelines import save_pixart
from lazydiff_core.errors import OutOfMemoryError
from lazydiff_core.model.text.t5 import T5States

ALL = torch.arange(64)
HIDDEN = torch.tensor([9, 10, 17, 18, 40, 63])
SEEN = torch.tensor([n for n in range(64) if n not in HIDDEN])


def noised(samples: int = 1) -> torch.Tensor:
    return torch.randn(samples, 4, 16, 16, generator=torch.Generator().manual_seed(5))


def theirs(family: PixArt, latents: torch.Tensor, prompts: list[str], t: int, **more: Any) -> Any:
    """diffusers' forward with padded, masked text."""
    prompt = family.text.encode(prompts)
    states = torch.nn.functional.pad(prompt.states, (0, 0, 0, 120 - prompt.states.shape[1]))
    mask = torch.nn.functional.pad(prompt.mask, (0, 120 - prompt.mask.shape[1])).long()
    states = states + torch.randn(states.shape) * (1 - mask[..., None])  # padding must not count
    count = len(prompts)
    micro = {"resolution": None, "aspect_ratio": None}
    if family.transformer.use_additional_conditions:
        micro = {
            "resolution": torch.full((count, 2), float(family.shape.side)),
            "aspect_ratio": torch.ones(count, 1),
        }
    out = family.transformer(
        latents,
        encoder_hidden_states=states,
        encoder_attention_mask=mask,
        timestep=torch.full((count,), t),
        added_cond_kwargs=micro,
        **more,
    ).sample
    return family.tokens_of(out[:, :4])


@torch.inference_mode()
@pytest.mark.parametrize("micro", [False, True])
def test_all_tokens_are_diffusers_forward(
    save_pipeline: Any, open_pixart: Any, micro: bool
) -> None:
    family = open_pixart(save_pipeline(use_additional_conditions=micro))
    prompts, latents = ["red apple", "a"], noised(2)
    text = family.batch([family.encode_prompt(prompt) for prompt in prompts])
    ours = family.predict(family.tokens_of(latents), ALL, torch.tensor(500), text, PlainAttention())
    assert torch.allclose(ours, theirs(family, latents, prompts, 500), atol=1e-5)
    shuffled = torch.randperm(64)
    x = family.tokens_of(latents)[:, shuffled]
    again = family.predict(x, shuffled, torch.tensor(500), text, PlainAttention())
    assert torch.allclose(again, ours[:, shuffled], atol=1e-5)


@torch.inference_mode()
def test_a_bank_is_a_dense_forward_with_the_hole_masked(pixart: PixArt) -> None:
    latents, t = noised(), torch.tensor(321)
    tokens, text = pixart.tokens_of(latents), pixart.encode_prompt("red apple")
    mask = torch.zeros(1, 64).index_fill_(1, SEEN, 1)
    dense = theirs(pixart, latents, ["red apple"], 321, attention_mask=mask)
    record = RecordKV(Storage(torch.float32), len(SEEN))
    visible = pixart.predict(tokens[:, SEEN], SEEN, t, text, record)
    assert torch.allclose(visible, dense[:, SEEN], atol=1e-5)

    def bank_alone(layer: int, key: torch.Tensor, value: torch.Tensor) -> Any:
        keys, values = record.entry.layers[layer]
        return keys, values

    hole = pixart.predict(tokens[:, HIDDEN], HIDDEN, t, text, bank_alone)
    assert torch.allclose(hole, dense[:, HIDDEN], atol=1e-5)


@torch.inference_mode()
def test_recalled_keys_of_the_same_moment_change_nothing(pixart: PixArt) -> None:
    tokens, t = pixart.tokens_of(noised()), torch.tensor(321)
    text = pixart.batch([pixart.encode_prompt("red apple")])
    order = torch.cat([SEEN, HIDDEN])
    record = RecordKV(Storage(torch.float32), len(SEEN))
    whole = pixart.predict(tokens[:, order], order, t, text, record)
    lazy = pixart.predict(tokens[:, HIDDEN], HIDDEN, t, text, ReuseKV(record.entry))
    assert torch.allclose(lazy, whole[:, len(SEEN) :], atol=1e-5)
    forgotten = KVCacheEntry([torch.zeros_like(pair) for pair in record.entry.layers])
    other = pixart.predict(tokens[:, HIDDEN], HIDDEN, t, text, ReuseKV(forgotten))
    assert not torch.allclose(lazy, other, atol=1e-2)


def test_texts_keep_their_keys_and_lose_their_padding(pixart: PixArt) -> None:
    long, short = pixart.encode_prompt("red apple"), pixart.encode_prompt("")
    assert long.keys[0].shape == (1, 11, 24)
    assert short.keys[0].shape == (1, 1, 24)  # the end of the text
    assert len(long.keys) == len(long.values) == 3
    assert pixart.batch([long, long]).bias is None
    both = pixart.batch([short, long])
    assert both.bias is not None
    assert (both.bias[:, 0, 0] == 0).sum(1).tolist() == [1, 11]


def test_modulation_is_computed_once_a_timestep(pixart: PixArt) -> None:
    assert pixart._modulation(7.0)[0] is pixart._modulation(7.0)[0]


def test_the_lengths_of_texts(pixart: PixArt, save_pipeline: Any, open_pixart: Any) -> None:
    sigma = open_pixart(save_pipeline("PixArtSigmaPipeline"))
    assert pixart.encode_prompt("a" * 500).keys[0].shape[1] == 120
    assert sigma.encode_prompt("a" * 500).keys[0].shape[1] == 300


def test_folders_older_than_the_class(dit_folder: Path, tmp_path: Path, open_pixart: Any) -> None:
    """The public folders name the transformer after its former class."""
    folder = Path(shutil.copytree(dit_folder, tmp_path / "old"))
    for path in (folder / "model_index.json", folder / "transformer" / "config.json"):
        named = path.read_text().replace("PixArtTransformer2DModel", "Transformer2DModel")
        path.write_text(json.dumps(json.loads(named)))
    family = open_pixart(folder)
    assert isinstance(family.transformer, PixArtTransformer2DModel)


def test_it_is_fitted_into_the_memory_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = open_folder(save_pixart(tmp_path / "model"))
    needs = planned_needs(folder)
    assert needs is not None
    wide, half = (
        max(peak for _, peak in stages_of(needs, Fit(dtype)).values())
        for dtype in (torch.float32, torch.bfloat16)
    )
    assert half < wide
    monkeypatch.setattr(pixart_module, "free_bytes", lambda device: wide - 1)
    narrow = open_family(folder, torch.device("cpu"))
    assert isinstance(narrow, PixArt)
    assert narrow.dtype == torch.bfloat16
    assert isinstance(narrow.text, T5States)
    assert narrow.text.model.dtype == torch.bfloat16
    assert narrow.notice == "The model computes in half precision, to fit."
    monkeypatch.setattr(pixart_module, "free_bytes", lambda device: half - 1)
    packed = open_family(folder, torch.device("cpu"))
    assert "The text encoder's weights are kept in 8 bits." in packed.notice
    states, expected = (family.encode_prompt("a cat").keys for family in (packed, narrow))
    for few, many in zip(states, expected, strict=True):
        assert 0 < (few - many).norm() < 0.1 * many.norm()
    monkeypatch.setattr(pixart_module, "free_bytes", lambda device: 10)
    with pytest.raises(OutOfMemoryError, match="model needs at least"):
        open_family(folder, torch.device("cpu"))
