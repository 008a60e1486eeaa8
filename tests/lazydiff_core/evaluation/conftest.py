"""A small kit of drawn shapes and a random judge, to test scores without any download."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from lazydiff_core.evaluation.frechet import moments
from lazydiff_core.evaluation.judge import Judge, JudgeConfig
from lazydiff_core.evaluation.kit import KIT_STYLES, Kit, ReferenceScores
from lazydiff_core.model.references.lexicon import STYLES
from lazydiff_core.training.stickers import Sticker, StickerBank
from tests.lazydiff_core.tiny import polygon

CONCEPTS = ("disc", "triangle", "square")


@pytest.fixture(scope="session")
def shapes() -> StickerBank:
    """Each concept in each style, in a colour of its own."""
    rng = np.random.default_rng(0)
    stickers, pixels = [], []
    for corners, concept in zip((60, 3, 4), CONCEPTS, strict=True):
        for style in STYLES:
            stickers.append(Sticker(concept, f"{corners:x}", style, concept))
            colour = tuple(int(v) for v in rng.integers(40, 220, 3))
            pixels.append(polygon(colour, corners))
    return StickerBank(tuple(stickers), np.stack(pixels))


@pytest.fixture(scope="session")
def judge() -> Judge:
    torch.manual_seed(0)
    prompts = tuple(f"a {concept}" for concept in CONCEPTS)
    config = JudgeConfig(CONCEPTS, prompts, STYLES, (8, 8), (1, 0), 6)
    return Judge(config).eval()


@pytest.fixture(scope="session")
def kit(shapes: StickerBank, judge: Judge) -> Kit:
    """The discs are held out, all shapes make grids."""
    rows = range(len(shapes.stickers))
    styled = [k for k in rows if shapes.stickers[k].style in KIT_STYLES]
    heldout = tuple(k for k in styled if shapes.stickers[k].concept == "disc")
    features = np.random.default_rng(1).normal(size=(40, 6))
    both = moments(features), ReferenceScores(0.25, 0.875)
    return Kit(judge, shapes, heldout, tuple(styled), tuple(styled), *both)


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random CLIP as transformers saves it."""
    from transformers import (
        CLIPConfig,
        CLIPImageProcessor,
        CLIPModel,
        CLIPProcessor,
        CLIPTokenizer,
    )

    folder = tmp_path_factory.mktemp("clip")
    letters = [*"abcdefghijklmnopqrstuvwxyz"]
    words = [*letters, *(f"{c}</w>" for c in letters), "<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({word: k for k, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"))
    sizes = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1}
    heads = {"num_attention_heads": 2}
    config = CLIPConfig(
        text_config=sizes | heads | {"vocab_size": len(words), "eos_token_id": len(words) - 1},
        vision_config=sizes | heads | {"image_size": 32, "patch_size": 16},
        projection_dim=8,
    )
    CLIPModel(config).save_pretrained(folder)
    images = CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    CLIPProcessor(image_processor=images, tokenizer=tokenizer).save_pretrained(folder)
    return folder
