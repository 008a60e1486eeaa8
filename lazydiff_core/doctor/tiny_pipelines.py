"""Pipelines with tiny random weights, written in the layouts of public ones.

They paint nothing. But they are read, placed and computed by the code that serves real ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

import torch

from lazydiff_core.model.checkpoint.from_pixart import config_for_pixart, initialise_from_pixart
from lazydiff_core.model.checkpoint.pipeline_folder import Sources, save_parts
from lazydiff_core.model.files.config import baseline
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.t5 import T5Folders

Sizes: TypeAlias = dict[str, Any]
_BLOCKS: Final = {"Down": "DownEncoderBlock2D", "Up": "UpDecoderBlock2D"}
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_TEXT_WIDTH: Final = 32


def save_pixart(folder: Path) -> Path:
    """PixArt-alpha with an AutoencoderKL and T5, 128 pixels wide."""
    from diffusers import DPMSolverMultistepScheduler, PixArtTransformer2DModel

    transformer = PixArtTransformer2DModel(
        num_attention_heads=2,
        attention_head_dim=12,
        num_layers=2,
        cross_attention_dim=24,
        sample_size=16,
        caption_channels=_TEXT_WIDTH,
        use_additional_conditions=True,
        interpolation_scale=2,
    )
    # Little noise: what random weights leave of it would be divided by nearly nothing.
    scheduler = DPMSolverMultistepScheduler(beta_start=1e-4, beta_end=1e-3, beta_schedule="linear")
    parts: Sizes = {
        "transformer": transformer,
        "vae": _autoencoder(4),
        "scheduler": scheduler,
    }
    classes = _save(folder, parts)
    save_t5(folder)
    classes |= {
        "text_encoder": ["transformers", "T5EncoderModel"],
        "tokenizer": ["transformers", "T5Tokenizer"],
    }
    return _index(folder, "PixArtAlphaPipeline", classes)


def save_t5(folder: Path) -> T5Folders:
    """T5 whose words are the letters, in `text_encoder` and `tokenizer`."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import T5Config, T5EncoderModel

    sizes: Sizes = {
        "d_model": _TEXT_WIDTH,
        "d_kv": 8,
        "d_ff": 32,
        "num_layers": 2,
        "num_heads": 2,
    }
    config = T5Config(vocab_size=64, feed_forward_proj="gated-gelu", **sizes)
    folders = T5Folders(folder / "text_encoder", folder / "tokenizer")
    randomise(T5EncoderModel(config)).save_pretrained(folders.encoder)
    pieces = ["<pad>", "</s>", "<unk>", "\N{LOWER ONE EIGHTH BLOCK}", *_LETTERS]
    tokenizer = Tokenizer(models.Unigram([(piece, -2.0) for piece in pieces], unk_id=2))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    folders.tokenizer.mkdir(parents=True)
    tokenizer.save(str(folders.tokenizer / "tokenizer.json"))
    return folders


def save_paper_model(folder: Path) -> Path:
    """The paper's model, begun from such a PixArt."""
    return _begun_from_pixart(folder, "lazydiffusion")


def save_regenerate_image(folder: Path) -> Path:
    """Its baseline that computes every token."""
    return _begun_from_pixart(folder, "regenerate_image")


def _begun_from_pixart(folder: Path, architecture: Any) -> Path:
    pixart = save_pixart(folder / "pixart")
    transformer = pixart / "transformer"
    config = config_for_pixart(transformer)
    if architecture == "lazydiffusion":
        lazy = initialise_from_pixart(str(transformer), config)
    else:
        lazy = LazyDiffusion(baseline(config, architecture))
    text = T5Folders(pixart / "text_encoder", pixart / "tokenizer")
    save_parts(folder / "model", randomise(lazy), Sources(pixart / "vae", text))
    return folder / "model"


def save_klein(folder: Path) -> Path:
    """FLUX.2 [klein] with its autoencoder and a Qwen3, 64 pixels wide."""
    from diffusers import (
        AutoencoderKLFlux2,
        FlowMatchEulerDiscreteScheduler,
        Flux2KleinPipeline,
        Flux2Transformer2DModel,
    )
    from transformers import Qwen3ForCausalLM

    transformer = Flux2Transformer2DModel(
        in_channels=16,
        num_layers=2,
        num_single_layers=2,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=24,
        axes_dims_rope=(4, 4, 4, 4),
        guidance_embeds=False,
    )
    vae: Any = AutoencoderKLFlux2(
        block_out_channels=(8, 8, 8),
        down_block_types=(_BLOCKS["Down"],) * 3,
        up_block_types=(_BLOCKS["Up"],) * 3,
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=4,
        sample_size=64,
    )
    source = torch.Generator().manual_seed(1)
    vae.bn.running_mean.uniform_(-1, 1, generator=source)
    vae.bn.running_var.uniform_(0.5, 2, generator=source)
    pipeline: Any = Flux2KleinPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        vae=randomise(vae),
        text_encoder=randomise(Qwen3ForCausalLM(_qwen3(layers=28))),
        tokenizer=_chat_words(),
        transformer=randomise(transformer),
        is_distilled=False,
    )
    pipeline.save_pretrained(folder)
    return folder


def save_z_image(folder: Path) -> Path:
    """Z-Image Base, guided, with FLUX.1's autoencoder and a Qwen3, 64 pixels wide."""
    from diffusers import FlowMatchEulerDiscreteScheduler, ZImagePipeline, ZImageTransformer2DModel
    from transformers import Qwen3Model

    transformer = ZImageTransformer2DModel(
        dim=32,
        n_layers=2,
        n_refiner_layers=2,
        n_heads=2,
        n_kv_heads=2,
        cap_feat_dim=8,
        in_channels=16,
        axes_dims=[4, 6, 6],
    )
    vae = _autoencoder(2, latent_channels=16, shift_factor=0.1159, sample_size=64)
    pipeline: Any = ZImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=6.0),
        vae=randomise(vae),
        text_encoder=randomise(Qwen3Model(_qwen3(layers=4))),
        tokenizer=_chat_words(),
        transformer=randomise(transformer),
    )
    pipeline.save_pretrained(folder)
    return folder


def save_sd2(folder: Path) -> Path:
    """Stable Diffusion 2's inpainting pipeline: nine channels."""
    from diffusers import DDIMScheduler

    parts: Sizes = {
        "unet": tiny_unet(9, cross_attention_dim=16),
        "text_encoder": _clip("CLIPTextModel"),
        "vae": _autoencoder(2),
        "scheduler": DDIMScheduler(steps_offset=1, clip_sample=False),
    }
    classes = _save(folder, parts)
    classes["tokenizer"] = _clip_tokenizer(folder / "tokenizer")
    return _index(folder, "StableDiffusionInpaintPipeline", classes)


def save_sdxl(folder: Path) -> Path:
    """SDXL's base model: two text encoders, blended at each step."""
    from diffusers import EulerDiscreteScheduler

    conditions: Sizes = {
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 8,
        "projection_class_embeddings_input_dim": 6 * 8 + 16,
    }
    parts: Sizes = {
        "unet": tiny_unet(4, cross_attention_dim=32, **conditions),
        "text_encoder": _clip("CLIPTextModel"),
        "text_encoder_2": _clip("CLIPTextModelWithProjection"),
        "vae": _autoencoder(2),
        "scheduler": EulerDiscreteScheduler(),
    }
    classes = _save(folder, parts)
    for name in ("tokenizer", "tokenizer_2"):
        classes[name] = _clip_tokenizer(folder / name)
    return _index(folder, "StableDiffusionXLPipeline", classes)


# Each way of generating, with what it runs on here.
TINY: Final[dict[str, Callable[[Path], Path]]] = {
    "lazydiffusion": save_paper_model,
    "regenerate_image": save_regenerate_image,
    "pixart": save_pixart,
    "klein": save_klein,
    "z-image": save_z_image,
    "sd2": save_sd2,
    "sdxl": save_sdxl,
}


# --- parts ----------------------------------------------------------------------------------------


@torch.no_grad()
def randomise(module: Any) -> Any:
    """Fill every parameter with noise that keeps activations of unit size; returns the module."""
    source = torch.Generator().manual_seed(0)
    for p in module.parameters():
        size = p[0].numel() ** -0.5 if p.ndim > 1 else 0.3
        p.copy_(torch.randn(p.shape, generator=source) * size)
    return module.eval()


def _autoencoder(levels: int, **more: Any) -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=(8,) * levels,
        norm_num_groups=4,
        layers_per_block=1,
        down_block_types=(_BLOCKS["Down"],) * levels,
        up_block_types=(_BLOCKS["Up"],) * levels,
        **more,
    )


def _qwen3(layers: int) -> Any:
    from transformers import Qwen3Config

    sizes: Sizes = {"hidden_size": 8, "intermediate_size": 8, "head_dim": 8}
    heads: Sizes = {"num_attention_heads": 1, "num_key_value_heads": 1}
    return Qwen3Config(vocab_size=8, num_hidden_layers=layers, **sizes, **heads)


def _chat_words() -> Any:
    """A tokenizer of whole words, with a chat format."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = {"[PAD]": 0, "[UNK]": 1, "user": 2, ":": 3, "red": 4, "apple": 5, "answer": 6}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    chat = "{% for m in messages %}user: {{ m['content'] }}{% endfor %} answer:"
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", chat_template=chat
    )


def tiny_unet(channels: int, **more: Any) -> Any:
    """The U-Net of a tiny Stable Diffusion; `more` goes to diffusers."""
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=16,
        in_channels=channels,
        block_out_channels=(8, 16),
        layers_per_block=1,
        norm_num_groups=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=4,
        **more,
    )


def _clip(kind: str) -> Any:
    import transformers

    sizes: Sizes = {"hidden_size": 16, "intermediate_size": 16, "projection_dim": 16}
    ids: Sizes = {"bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1}
    layers: Sizes = {
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "max_position_embeddings": 77,
    }
    config = transformers.CLIPTextConfig(vocab_size=60, **sizes, **ids, **layers)
    return getattr(transformers, kind)(config)


def _clip_tokenizer(folder: Path) -> list[str]:
    pieces = ["<|startoftext|>", "<|endoftext|>", *_LETTERS, *(f"{c}</w>" for c in _LETTERS)]
    folder.mkdir()
    numbered = {piece: k for k, piece in enumerate(pieces)}
    (folder / "vocab.json").write_text(json.dumps(numbered), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n", encoding="utf-8")
    special: Sizes = {"bos_token": pieces[0]} | dict.fromkeys(
        ("eos_token", "unk_token", "pad_token"), pieces[1]
    )
    document = {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, **special}
    (folder / "tokenizer_config.json").write_text(json.dumps(document), encoding="utf-8")
    return ["transformers", "CLIPTokenizer"]


def _save(folder: Path, parts: dict[str, Any]) -> dict[str, list[str]]:
    classes = {}
    for name, part in parts.items():
        (randomise(part) if isinstance(part, torch.nn.Module) else part).save_pretrained(
            folder / name
        )
        classes[name] = ["diffusers", type(part).__name__]
    return classes


def _index(folder: Path, kind: str, classes: dict[str, list[str]]) -> Path:
    document = {"_class_name": kind, **classes}
    (folder / "model_index.json").write_text(json.dumps(document), encoding="utf-8")
    return folder
