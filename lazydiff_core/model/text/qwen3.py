"""Qwen3 as prompt encoder, as in FLUX.2 [klein] and Z-Image: hidden states of some layers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from lazydiff_core.errors import ModelError
from lazydiff_core.model.files.packed_weights import pack_layers
from lazydiff_core.model.files.pretrained import load_pretrained
from lazydiff_core.model.text.visiting import offload_layers

_TEMPLATE = "chat_template.jinja"


@dataclass(frozen=True)
class Qwen3Folders:
    """The folder of a Qwen3ForCausalLM or Qwen3Model, and one with its tokenizer."""

    encoder: Path
    tokenizer: Path


class Qwen3States:
    """Encodes prompts, as a user's message in the model's chat format.

    layers: the hidden states that are wanted; layers behind the last of them are not even loaded.
    tokens: length to which prompts are cut, and padded if `padded`.
    thinking: the chat format leaves the model room to think.
    visits: the weights stay in main memory, and each layer is on `device` while it computes.
    packed: the weights are kept in 8 bits.

    Raises ModelError.
    """

    def __init__(
        self,
        folders: Qwen3Folders,
        layers: Sequence[int],
        tokens: int,
        device: torch.device,
        dtype: torch.dtype,
        *,
        padded: bool = True,
        thinking: bool = False,
        visits: bool = False,
        packed: bool = False,
    ) -> None:
        from transformers import Qwen3Model

        self.layers, self.tokens, self.device = tuple(layers), tokens, device
        self.padded, self.thinking = padded, thinking
        self.tokenizer = _open_tokenizer(folders.tokenizer)
        config = _config(folders.encoder, max(layers) + 1)
        self.model = load_pretrained(
            Qwen3Model, folders.encoder, "model", dtype=dtype, config=config
        )
        if len(self.tokenizer) > self.model.config.vocab_size:
            raise ModelError(f"{folders.tokenizer} knows more words than {folders.encoder} does.")
        if packed:
            pack_layers(self.model, 8, torch.device("cpu") if visits else device)
        if visits:
            model = self.model
            model.rotary_emb.to(device)
            offload_layers(device, (model.embed_tokens, *model.layers, model.norm))
        else:
            self.model.to(device)

    @torch.inference_mode()
    def encode(self, prompt: str) -> Tensor:
        """(1, L, layers x width) for one prompt; L = `tokens` if padded, else its own length."""
        ids = self._ids(prompt)
        states = self.model(
            input_ids=ids["input_ids"],
            attention_mask=ids["attention_mask"],
            output_hidden_states=True,
            use_cache=False,
        ).hidden_states
        return torch.cat([states[layer] for layer in self.layers], -1)

    def words(self, prompt: str) -> int:
        """Tokens of a prompt in its chat format, without padding."""
        return int(self._ids(prompt)["attention_mask"].sum())

    def _ids(self, prompt: str) -> Any:
        chat = self.tokenizer.apply_chat_template(
            [{"role": "user", "content": prompt}],
            tokenize=False,
            add_generation_prompt=True,
            enable_thinking=self.thinking,
        )
        return self.tokenizer(
            chat,
            return_tensors="pt",
            padding="max_length" if self.padded else False,
            truncation=True,
            max_length=self.tokens,
        ).to(self.device)


def is_read(name: str, layers: int) -> bool:
    """Whether a weight of a Qwen3ForCausalLM is loaded for the states of `layers` layers."""
    number = re.match(r"(?:model\.)?layers\.(\d+)\.", name)
    return not name.startswith("lm_head.") and (number is None or int(number[1]) < layers)


def _config(folder: Path, layers: int) -> Any:
    """The encoder's config with at most `layers` + 1 layers: the last one's states are normalised,
    which those of the layers in between are not."""
    from transformers import Qwen3Config

    try:
        config = Qwen3Config.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())[:300]
        raise ModelError(f"{folder} does not describe a Qwen3: {reason}.") from error
    if config.num_hidden_layers < layers:
        raise ModelError(
            f"{folder} has {config.num_hidden_layers} layers, but {layers} are read: take the text "
            "encoder that the model was made for."
        )
    config.num_hidden_layers = layers
    if config.layer_types is not None:
        config.layer_types = config.layer_types[:layers]
    return config


def _open_tokenizer(folder: Path) -> Any:
    from jinja2 import TemplateError
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder} is not a tokenizer: download the model again.") from error
    if not tokenizer.chat_template:
        raise ModelError(
            f"{folder} has no chat template: add its {_TEMPLATE}, or download the model again."
        )
    try:
        tokenizer.apply_chat_template([{"role": "user", "content": ""}], tokenize=False)
    except TemplateError as error:
        raise ModelError(f"{folder} has a damaged chat template: get the model again.") from error
    return tokenizer
