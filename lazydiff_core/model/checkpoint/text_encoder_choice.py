"""Which text encoder a checkpoint needs."""

from __future__ import annotations

import torch

from lazydiff_core.model.checkpoint.checkpoint import Checkpoint
from lazydiff_core.model.checkpoint.class_labels import ClassLabels
from lazydiff_core.model.references.reference_text_encoder import PicturedText
from lazydiff_core.model.text.t5 import T5States
from lazydiff_core.model.text.text_encoder import MiniLM, TextEncoder


def load_text_encoder(checkpoint: Checkpoint, device: torch.device) -> TextEncoder:
    """Classes where the model has them, the folder's T5, or else MiniLM; raises ModelError.

    MiniLM with the looks of words where the model has a lexicon.
    """
    config = checkpoint.lazy.config
    if config.classes:
        return ClassLabels(checkpoint.lazy.decoder, checkpoint.concepts)
    if checkpoint.text is not None:
        return T5States(checkpoint.text, config.text_tokens, config.text_width, device)
    encoder: TextEncoder = MiniLM(config.text_tokens).to(device)
    if checkpoint.lexicon is None:
        return encoder
    return PicturedText(encoder, checkpoint.lexicon)
