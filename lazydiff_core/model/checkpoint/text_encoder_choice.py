"""Loads the text encoder that a checkpoint needs."""

from __future__ import annotations

import torch

from lazydiff_core.model.checkpoint.checkpoint import Checkpoint
from lazydiff_core.model.checkpoint.class_labels import ClassLabels
from lazydiff_core.model.references.reference_text_encoder import ReferenceTextEncoder
from lazydiff_core.model.text.t5 import T5States
from lazydiff_core.model.text.text_encoder import MiniLM, TextEncoder


def load_text_encoder(
    checkpoint: Checkpoint, device: torch.device, *, resident: bool = False
) -> TextEncoder:
    """Class labels if the model has classes, else its T5 if it has one, else MiniLM.

    If the model has a lexicon, MiniLM also gives the looks of words. resident: T5 stays on the
    device. Raises ModelError.
    """
    config = checkpoint.lazy.config
    if config.classes:
        return ClassLabels(checkpoint.lazy.decoder, checkpoint.concepts)
    if checkpoint.text is not None:
        return T5States(
            checkpoint.text, config.text_tokens, config.text_width, device, resident=resident
        )
    encoder: TextEncoder = MiniLM(config.text_tokens).to(device)
    if checkpoint.lexicon is None:
        return encoder
    return ReferenceTextEncoder(encoder, checkpoint.lexicon)
