"""T5 as prompt encoder, as in PixArt-alpha: states of up to 120 tokens."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from lazydiff_core.errors import ModelError
from lazydiff_core.model.files.devices import half_of
from lazydiff_core.model.files.packed_weights import pack_layers
from lazydiff_core.model.files.pretrained import load_pretrained
from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.model.text.text_encoder import stack_prompts
from lazydiff_core.model.text.visiting import offload_layers


@dataclass(frozen=True)
class T5Folders:
    """A T5EncoderModel's folder, and one with its tokenizer.json."""

    encoder: Path
    tokenizer: Path


class T5States:
    """Encodes lower-cased prompts as T5 states.

    On the CPU it computes in float32, or in `dtype`. With a card the weights stay in main memory as
    bfloat16, and each layer is on the device only while it computes: T5-XXL takes 0.4 GB there
    instead of 9.5, and none between prompts; or, `resident`, they stay on the device.

    packed: the weights are kept in 8 bits.

    Raises ModelError.
    """

    def __init__(
        self,
        folders: T5Folders,
        tokens: int,
        width: int,
        device: torch.device,
        *,
        resident: bool = False,
        packed: bool = False,
        dtype: torch.dtype | None = None,
    ) -> None:
        from transformers import T5EncoderModel

        on_card = device.type in ("cuda", "xpu")  # which have a memory of their own
        dtype = dtype or (torch.bfloat16 if on_card else half_of(device, wide=True))
        self.tokenizer = open_tokenizer(folders.tokenizer)
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(tokens)
        self.model = load_pretrained(T5EncoderModel, folders.encoder, "model", dtype=dtype)
        self.device = device
        if self.model.config.d_model != width:
            raise ModelError(
                f"{folders.encoder} has states of width {self.model.config.d_model}, "
                f"but this model reads prompts of width {width}: take the T5 it was made for."
            )
        if self.tokenizer.get_vocab_size() > self.model.config.vocab_size:
            raise ModelError(f"{folders.tokenizer} knows more words than {folders.encoder} does.")
        self.visit_bytes = 0  # that come to the device for each batch of prompts
        visits = on_card and not resident
        if packed:
            pack_layers(self.model, 8, torch.device("cpu") if visits else device)
        if visits:
            stack = self.model.encoder
            self.visit_bytes = sum(p.nbytes for p in stack.parameters())
            offload_layers(device, (stack.embed_tokens, *stack.block, stack.final_layer_norm))
        else:
            self.model.to(device)
        self.encode_one = lru_cache(maxsize=256)(self._encode_one)

    def encode(self, prompts: list[str]) -> Prompt:
        """Encode prompts, lower-cased and truncated to the model's length.

        Several different ones share one visit of the layers, padded and masked: up to rounding,
        each has the states that it has alone. One alone is kept for the next time. What is kept
        does not enter batches, so that the states of a batch are the same whatever came before.
        """
        said = [prompt.strip().lower() for prompt in prompts]
        different = list(dict.fromkeys(said))
        if len(different) == 1:
            return stack_prompts([self.encode_one(said[0])] * len(said))
        states = dict(zip(different, self._encode_all(different), strict=True))
        return stack_prompts([states[prompt] for prompt in said])

    def _encode_one(self, prompt: str) -> Tensor:
        return self._encode_all([prompt])[0]

    @torch.inference_mode()
    def _encode_all(self, prompts: list[str]) -> list[Tensor]:
        """States (L,W) float32 of each prompt."""
        rows = [torch.tensor(self.tokenizer.encode(prompt).ids) for prompt in prompts]
        ids = pad_sequence(rows, batch_first=True).to(self.device)
        real = pad_sequence([torch.ones_like(row) for row in rows], batch_first=True)
        given = {"attention_mask": real.to(self.device)} if len(rows) > 1 else {}
        # T5 overflows in float16, which autocast may use for the other networks.
        with torch.autocast(self.device.type, enabled=False):
            states: Tensor = self.model(input_ids=ids, **given).last_hidden_state.float()
        return [one[: len(row)] for one, row in zip(states, rows, strict=True)]


def open_tokenizer(folder: Path) -> Any:
    """The `tokenizers.Tokenizer` of a folder; raises ModelError.

    A folder with only a sentencepiece model (spiece.model, as in PixArt) is converted; this needs
    the packages sentencepiece and protobuf.
    """
    from tokenizers import Tokenizer

    path = folder / "tokenizer.json"
    if not path.is_file() and (folder / "spiece.model").is_file():
        return _converted(folder)
    if not path.is_file():
        raise ModelError(f"The tokenizer's file {path} is missing.")
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing narrower
        raise ModelError(f"{path} is not a tokenizer: download the model again.") from error


def _converted(folder: Path) -> Any:
    from transformers import T5Tokenizer

    try:
        return T5Tokenizer.from_pretrained(folder, local_files_only=True).backend_tokenizer
    except Exception as error:  # the libraries raise different classes
        raise ModelError(
            f"{folder} has no tokenizer.json, and its spiece.model cannot be converted: "
            "install sentencepiece and protobuf, or add the tokenizer.json of the same T5."
        ) from error
