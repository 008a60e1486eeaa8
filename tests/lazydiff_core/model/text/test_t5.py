from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.overrides import TorchFunctionMode
from transformers import T5EncoderModel

from lazydiff_core.errors import ModelError
from lazydiff_core.model.text.t5 import T5Folders, T5States, open_tokenizer
from lazydiff_core.model.text.visiting import offload_layers

CPU = torch.device("cpu")


@pytest.fixture
def folders(pixart_pipeline: Path, tmp_path: Path) -> T5Folders:
    for name in ("text_encoder", "tokenizer"):
        shutil.copytree(pixart_pipeline / name, tmp_path / name)
    return T5Folders(tmp_path / "text_encoder", tmp_path / "tokenizer")


@torch.no_grad()
def test_states_are_t5s_whatever_the_neighbour(folders: T5Folders) -> None:
    text = T5States(folders, 120, 32, CPU)
    prompt = text.encode(["  A red Apple ", "b", ""])
    assert prompt.mask.sum(1).tolist() == [13, 3, 1]  # letters, gaps and the end
    model = T5EncoderModel.from_pretrained(folders.encoder)
    ids = open_tokenizer(folders.tokenizer).encode("a red apple").ids
    expected = model(input_ids=torch.tensor([ids])).last_hidden_state
    assert torch.allclose(prompt.states[:1], expected, atol=1e-5)
    assert torch.allclose(prompt.pooled[0], expected[0].mean(0), atol=1e-5)
    assert torch.allclose(text.encode(["b"]).states[0], prompt.states[1, :3], atol=1e-5)


def test_what_was_asked_before_changes_nothing(folders: T5Folders) -> None:
    """A run that is resumed has not read the captions that came before."""
    captions = ["a red apple", "b", "b"]
    fresh = T5States(folders, 120, 32, CPU).encode(captions)
    used = T5States(folders, 120, 32, CPU)
    used.encode(["b"])
    used.encode(["a red apple", "a longer one than these"])
    assert torch.equal(used.encode(captions).states, fresh.states)


class Transfers(TorchFunctionMode):
    """Counts the bytes of parameters that layers take to a device."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is torch.Tensor.to and (kwargs or {}).get("non_blocking"):
            self.bytes += args[0].nbytes
        return func(*args, **(kwargs or {}))


def test_the_captions_of_a_batch_share_one_visit(folders: T5Folders) -> None:
    """Every weight is moved once, however many captions; twice for two batches."""
    text = T5States(folders, 120, 32, CPU)
    stack = text.model.encoder
    layers = (stack.embed_tokens, *stack.block, stack.final_layer_norm)
    offload_layers(CPU, layers)
    weights = sum(p.nbytes for layer in layers for p in layer.parameters())
    for count in (1, 4, 32):
        with Transfers() as moved:
            text.encode([f"caption {count} {k}" for k in range(count)])
        assert moved.bytes == weights


def test_long_prompts_end_like_short_ones(folders: T5Folders) -> None:
    text = T5States(folders, 20, 32, CPU)
    assert text.encode(["a" * 500]).states.shape == (1, 20, 32)
    assert text.tokenizer.encode("a" * 500).ids[-1] == text.tokenizer.token_to_id("</s>")


def test_layers_that_visit_compute_the_same_and_stay_home(folders: T5Folders) -> None:
    text, visiting = (T5States(folders, 120, 32, CPU) for _ in range(2))
    stack = visiting.model.encoder
    before = {name: p.data_ptr() for name, p in visiting.model.named_parameters()}
    offload_layers(CPU, (stack.embed_tokens, *stack.block, stack.final_layer_norm))
    assert torch.equal(visiting.encode(["cat"]).states, text.encode(["cat"]).states)
    assert {name: p.data_ptr() for name, p in visiting.model.named_parameters()} == before


@torch.inference_mode()
def test_a_layer_is_away_only_while_it_computes() -> None:
    class Watched(torch.nn.Linear):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            seen.append(self.weight.dtype)
            return super().forward(x)

    seen: list[torch.dtype] = []
    layer = Watched(2, 2)
    offload_layers(torch.float64, [layer])  # type: ignore[arg-type] # stands for a device that is not here
    assert layer(torch.ones(1, 2, dtype=torch.float64)).dtype == torch.float64
    assert seen == [torch.float64]
    assert layer.weight.dtype == torch.float32


def test_mixed_precision_of_the_caller_does_not_reach_it(folders: T5Folders) -> None:
    expected = T5States(folders, 120, 32, CPU).encode(["cat"]).states
    with torch.autocast("cpu", torch.bfloat16):
        mixed = T5States(folders, 120, 32, CPU).encode(["cat"]).states
    assert torch.equal(mixed, expected)


def test_another_width(folders: T5Folders) -> None:
    with pytest.raises(ModelError, match=r"states of width 32, .* width 4096"):
        T5States(folders, 120, 4096, CPU)


def test_another_architecture(folders: T5Folders) -> None:
    path = folders.encoder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"num_layers": 3}))
    with pytest.raises(ModelError, match=r"another architecture .*block\.2"):
        T5States(folders, 120, 32, CPU)


def test_fewer_words_than_the_tokenizer(folders: T5Folders) -> None:
    path = folders.encoder / "config.json"
    model = T5EncoderModel.from_pretrained(folders.encoder)
    model.resize_token_embeddings(8)
    model.save_pretrained(folders.encoder)
    assert json.loads(path.read_text())["vocab_size"] == 8
    with pytest.raises(ModelError, match="knows more words"):
        T5States(folders, 120, 32, CPU)


@pytest.mark.parametrize("length", [0, 100, -1])
def test_truncated_weights(folders: T5Folders, length: int) -> None:
    path = folders.encoder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(ModelError, match=r"model\.safetensors is not a readable safetensors file"):
        T5States(folders, 120, 32, CPU)


def test_pickled_weights(folders: T5Folders) -> None:
    (folders.encoder / "model.safetensors").rename(folders.encoder / "pytorch_model.bin")
    with pytest.raises(ModelError, match=r"only as a pickle \(pytorch_model\.bin\)"):
        T5States(folders, 120, 32, CPU)


@pytest.mark.parametrize("file", ["config.json", "model.safetensors"])
def test_missing_files(folders: T5Folders, file: str) -> None:
    (folders.encoder / file).unlink()
    with pytest.raises(ModelError, match=file):
        T5States(folders, 120, 32, CPU)


def test_tokenizers_that_are_none(folders: T5Folders) -> None:
    path = folders.tokenizer / "tokenizer.json"
    path.write_text("{}")
    with pytest.raises(ModelError, match=r"tokenizer\.json is not a tokenizer"):
        open_tokenizer(folders.tokenizer)
    path.unlink()
    with pytest.raises(ModelError, match=r"tokenizer\.json is missing"):
        open_tokenizer(folders.tokenizer)
    (folders.tokenizer / "spiece.model").write_bytes(b"no vocabulary")
    with pytest.raises(ModelError, match=r"install sentencepiece and protobuf, or add"):
        open_tokenizer(folders.tokenizer)
