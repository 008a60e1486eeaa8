"""Tiny random models in the file layouts of public repositories: what their hubs list, all of it.

The names, classes and config entries are those of the repositories; only the sizes are not.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Final

from lazydiff_core.doctor.tiny_pipelines import tiny_unet

CHAT: Final = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n"
    "{% if not enable_thinking %}<think>\n\n</think>\n\n{% endif %}{% endif %}"
)
README: Final = {
    "README.md": b"---\nlicense: apache-2.0\n---\n# A model",
    ".gitattributes": b"*.safetensors filter=lfs",
}


def files_of(folder: Path) -> dict[str, bytes]:
    """Name -> contents of all files below a folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def klein(folder: Path, kind: str = "Flux2KleinPipeline", **index: Any) -> None:
    """FLUX.2-klein-4B (`is_distilled=True`), -base-4B (no such entry), -9b-kv (another class)."""
    from diffusers import (
        AutoencoderKLFlux2,
        FlowMatchEulerDiscreteScheduler,
        Flux2Transformer2DModel,
    )

    transformer = Flux2Transformer2DModel(
        in_channels=16,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=24,
        axes_dims_rope=(4, 4, 4, 4),
        guidance_embeds=False,
    )
    blocks: dict[str, Any] = {
        "down_block_types": ("DownEncoderBlock2D",) * 3,
        "up_block_types": ("UpDecoderBlock2D",) * 3,
    }
    vae = AutoencoderKLFlux2(
        block_out_channels=(8, 8, 8), layers_per_block=1, latent_channels=4, norm_num_groups=4,
        sample_size=64, **blocks,
    )  # fmt: skip
    vae.bn.running_var.uniform_(0.5, 2)
    _noise(transformer).save_pretrained(folder / "transformer")
    _noise(vae).save_pretrained(folder / "vae")
    _qwen3(folder, "Qwen3ForCausalLM")
    scheduler = FlowMatchEulerDiscreteScheduler(
        shift=3.0, use_dynamic_shifting=True, base_shift=0.5, max_shift=1.15,
        base_image_seq_len=256, max_image_seq_len=4096,
    )  # fmt: skip
    scheduler.save_pretrained(folder / "scheduler")
    (folder / "flux-2-klein-4b.safetensors").write_bytes(b"the transformer once more")
    _write_index(
        folder,
        kind,
        index,
        scheduler=scheduler,
        text_encoder=("transformers", "Qwen3ForCausalLM"),
        tokenizer=("transformers", "Qwen2TokenizerFast"),
        transformer=transformer,
        vae=vae,
    )


def z_image(folder: Path, shift: float = 3.0, layers: int = 2) -> None:
    """Z-Image-Turbo (shift 3) and Z-Image (shift 6): three shards of the transformer and of the
    text encoder, FLUX.1's autoencoder."""
    from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, ZImageTransformer2DModel

    transformer = ZImageTransformer2DModel(
        dim=32, n_layers=layers, n_refiner_layers=2, n_heads=2, n_kv_heads=2, cap_feat_dim=8,
        in_channels=16, axes_dims=[4, 6, 6], axes_lens=[512, 32, 32],
    )  # fmt: skip
    _noise(transformer).save_pretrained(folder / "transformer", max_shard_size="40KB")
    vae = _vae(
        AutoencoderKL, 2, latent_channels=16, scaling_factor=0.3611, shift_factor=0.1159,
        use_quant_conv=False, use_post_quant_conv=False, sample_size=64,
    )  # fmt: skip
    _noise(vae).save_pretrained(folder / "vae")
    _qwen3(folder, "Qwen3Model")
    scheduler = FlowMatchEulerDiscreteScheduler(shift=shift)
    scheduler.save_pretrained(folder / "scheduler")
    _write_index(
        folder,
        "ZImagePipeline",
        {},
        scheduler=scheduler,
        text_encoder=("transformers", "Qwen3Model"),
        tokenizer=("transformers", "Qwen2Tokenizer"),
        transformer=transformer,
        vae=vae,
    )


# Version of a control network for Z-Image -> its joint layers, and what diffusers' config says.
CONTROLS: Final[dict[str, tuple[int, dict[str, Any]]]] = {
    "1.0": (3, {"control_in_dim": 16, "add_control_noise_refiner": None}),
    "2.0": (3, {"control_in_dim": 33, "add_control_noise_refiner": "control_layers"}),
    "2.1": (3, {"control_in_dim": 33, "add_control_noise_refiner": "control_noise_refiner"}),
    "2.1-lite": (2, {"control_in_dim": 33, "add_control_noise_refiner": "control_noise_refiner"}),
}


def z_image_control(path: Path, version: str, layers: int) -> dict[str, Any]:
    """One file for a `z_image` of so many layers; returns diffusers' config for it.

    That of version 2.0 has refiners that were never trained, which its config does not use.
    """
    import torch
    from diffusers import ZImageControlNetModel
    from safetensors.torch import save_file

    count, config = CONTROLS[version]
    config = config | {
        "control_layers_places": list(range(0, layers, layers // count)),
        "control_refiner_layers_places": [0, 1],
        "dim": 32, "n_refiner_layers": 2, "n_heads": 2, "n_kv_heads": 2,
    }  # fmt: skip
    published = dict(config)
    if version == "2.0":
        published["add_control_noise_refiner"] = "control_noise_refiner"
    state = _noise(ZImageControlNetModel(**published)).state_dict()
    for name in state:
        if version == "2.0" and name.startswith("control_noise_refiner.") and "_proj." in name:
            state[name] = torch.zeros_like(state[name])
    save_file(state, path)
    return config


def pixart(folder: Path, kind: str = "PixArtAlphaPipeline", scheduler: Any = None) -> None:
    """PixArt-XL-2-1024-MS, Sigma, LCM, DMD: a sentencepiece model alone, two shards of T5."""
    from diffusers import AutoencoderKL, DPMSolverMultistepScheduler, PixArtTransformer2DModel
    from transformers import T5Config, T5EncoderModel

    transformer = PixArtTransformer2DModel(
        num_attention_heads=2,
        attention_head_dim=12,
        num_layers=1,
        cross_attention_dim=24,
        sample_size=16,
        caption_channels=32,
        use_additional_conditions=False,
        interpolation_scale=2,
    )
    sizes = {"d_model": 32, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_heads": 2}
    text = T5EncoderModel(T5Config(vocab_size=128, feed_forward_proj="gated-gelu", **sizes))
    _noise(transformer).save_pretrained(folder / "transformer")
    _noise(_vae(AutoencoderKL, 4)).save_pretrained(folder / "vae")
    _noise(text).save_pretrained(folder / "text_encoder", max_shard_size="20KB")
    assert len(list((folder / "text_encoder").glob("*-of-*.safetensors"))) > 1
    _sentencepiece(folder / "tokenizer")
    scheduler = scheduler or DPMSolverMultistepScheduler(beta_end=0.001)
    scheduler.save_pretrained(folder / "scheduler")
    # The repositories are older than the transformer's present class.
    config = folder / "transformer" / "config.json"
    old = json.loads(config.read_text()) | {"_class_name": "Transformer2DModel"}
    config.write_text(json.dumps(old))
    _write_index(
        folder,
        kind,
        {},
        scheduler=scheduler,
        text_encoder=("transformers", "T5EncoderModel"),
        tokenizer=("transformers", "T5Tokenizer"),
        transformer=("diffusers", "Transformer2DModel"),
        vae=("diffusers", "AutoencoderKL"),
    )


def sdxl_inpainting(folder: Path, *, half_alone: bool = False) -> None:
    """stable-diffusion-xl-1.0-inpainting-0.1: twins in half precision; or those alone."""
    from diffusers import EulerDiscreteScheduler

    parts = {
        "unet": tiny_unet(
            9,
            cross_attention_dim=40,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=6 * 8 + 16,
        ),
        "text_encoder": _clip("CLIPTextModel"),
        "text_encoder_2": _clip("CLIPTextModelWithProjection", width=24),
    }
    scheduler = EulerDiscreteScheduler(timestep_spacing="leading", steps_offset=1)
    _stable_diffusion(folder, "StableDiffusionXLInpaintPipeline", parts, scheduler, 2)
    for part in ("unet", "vae", "text_encoder", "text_encoder_2"):
        _add_half(folder / part, alone=half_alone)


def sd2_inpainting(folder: Path) -> None:
    """stable-diffusion-2-inpainting: single files beside the index, pickles, old key names."""
    from diffusers import PNDMScheduler

    parts = {"unet": tiny_unet(9, cross_attention_dim=16), "text_encoder": _clip("CLIPTextModel")}
    scheduler = PNDMScheduler(skip_prk_steps=True, steps_offset=1)
    kind = "StableDiffusionInpaintPipeline"
    _stable_diffusion(folder, kind, parts, scheduler, 1, attention=True)
    _age(folder / "vae" / "diffusion_pytorch_model.safetensors")
    for part in ("unet", "vae", "text_encoder"):
        _add_half(folder / part)
        (folder / part / "pytorch_model.bin").write_bytes(b"pickle")
    for name in ("512-inpainting-ema.safetensors", "512-inpainting-ema.ckpt"):
        (folder / name).write_bytes(b"all of it once more")
    (folder / "feature_extractor").mkdir()
    (folder / "feature_extractor" / "preprocessor_config.json").write_text("{}")
    index = folder / "model_index.json"
    entries = json.loads(index.read_text())
    entries |= {"feature_extractor": ["transformers", "CLIPImageProcessor"]}
    index.write_text(json.dumps(entries | {"safety_checker": [None, None]}))


# --- parts ---------------------------------------------------------------------------------------


def _write_index(folder: Path, kind: str, more: dict[str, Any], **parts: Any) -> None:
    index: dict[str, Any] = {"_class_name": kind, "_diffusers_version": "0.37.0.dev0"} | more
    for name, part in parts.items():
        pair = part if isinstance(part, tuple) else ("diffusers", type(part).__name__)
        index[name] = list(pair)
    (folder / "model_index.json").write_text(json.dumps(index, indent=2))


def _noise(module: Any) -> Any:
    """Fills every parameter with noise of a sensible size, so that no path is without effect."""
    import torch

    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for p in module.parameters():
            size = p[0].numel() ** -0.5 if p.ndim > 1 else 0.3
            p.copy_(torch.randn(p.shape, generator=generator) * size)
    return module.eval()


def _vae(kind: Any, blocks: int, **more: Any) -> Any:
    return kind(
        block_out_channels=[8] * blocks,
        norm_num_groups=4,
        layers_per_block=1,
        down_block_types=["DownEncoderBlock2D"] * blocks,
        up_block_types=["UpDecoderBlock2D"] * blocks,
        **more,
    )


def _qwen3(folder: Path, kind: str) -> None:
    """36 layers, as the public ones, of which the pipeline reads up to the 27th."""
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, Qwen3Config

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    vocabulary = {piece: k for k, piece in enumerate([*alphabet, *special])}
    config = Qwen3Config(
        vocab_size=len(vocabulary), hidden_size=8, intermediate_size=8, num_hidden_layers=36,
        num_attention_heads=1, num_key_value_heads=1, head_dim=8,
    )  # fmt: skip
    text = _noise(getattr(transformers, kind)(config))
    text.save_pretrained(folder / "text_encoder", max_shard_size="60KB")
    assert len(list((folder / "text_encoder").glob("*-of-*.safetensors"))) > 1
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=special[0],
        eos_token=special[2],
        additional_special_tokens=special[1:],
    )
    where = folder / "tokenizer"
    fast.save_pretrained(where)
    settings = json.loads((where / "tokenizer_config.json").read_text())
    settings["tokenizer_class"] = "Qwen2Tokenizer"
    (where / "tokenizer_config.json").write_text(json.dumps(settings))
    (where / "vocab.json").write_text(json.dumps(vocabulary))
    (where / "merges.txt").write_text("#version: 0.2\n")
    (where / "added_tokens.json").write_text(json.dumps({s: vocabulary[s] for s in special}))
    (where / "special_tokens_map.json").write_text(json.dumps({"pad_token": special[0]}))
    (where / "chat_template.jinja").write_text(CHAT)


def _sentencepiece(where: Path) -> None:
    """A real sentencepiece model of letters, with the files that PixArt's T5Tokenizer has."""
    import io

    import sentencepiece

    where.mkdir()
    made = io.BytesIO()
    text = ["the quick brown fox jumps over the lazy dog", "a red mushroom in the grass"] * 20
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(text), model_writer=made, vocab_size=64, pad_id=0, eos_id=1,
        unk_id=2, bos_id=-1, hard_vocab_limit=False, minloglevel=2, num_threads=1,
    )  # fmt: skip
    (where / "spiece.model").write_bytes(made.getvalue())
    more = {f"<extra_id_{k}>": 64 + k for k in range(2)}
    (where / "added_tokens.json").write_text(json.dumps(more))
    named = {"eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    (where / "special_tokens_map.json").write_text(json.dumps(named))
    settings = {"tokenizer_class": "T5Tokenizer", "extra_ids": 2, "model_max_length": 120} | named
    (where / "tokenizer_config.json").write_text(json.dumps(settings))


def _clip(kind: str, width: int = 16) -> Any:
    import transformers

    sizes = {
        "vocab_size": 60, "hidden_size": width, "intermediate_size": 16, "projection_dim": 16,
        "num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 77,
        "bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1,
    }  # fmt: skip
    return getattr(transformers, kind)(transformers.CLIPTextConfig(**sizes))


def _stable_diffusion(
    folder: Path,
    kind: str,
    parts: dict[str, Any],
    scheduler: Any,
    tokenizers: int,
    *,
    attention: bool = False,
) -> None:
    from diffusers import AutoencoderKL

    parts["vae"] = _vae(AutoencoderKL, 2, mid_block_add_attention=attention)
    for name, part in parts.items():
        _noise(part).save_pretrained(folder / name)
    scheduler.save_pretrained(folder / "scheduler")
    letters = "abcdefghijklmnopqrstuvwxyz"
    pieces = ["<|startoftext|>", "<|endoftext|>", *letters, *(f"{c}</w>" for c in letters)]
    named = {"bos_token": pieces[0], "eos_token": pieces[1]} | dict.fromkeys(
        ("unk_token", "pad_token"), pieces[1]
    )
    document = {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, **named}
    names = ("tokenizer", "tokenizer_2")[:tokenizers]
    for where in (folder / name for name in names):
        where.mkdir()
        (where / "vocab.json").write_text(json.dumps({p: k for k, p in enumerate(pieces)}))
        (where / "merges.txt").write_text("#version: 0.2\n")
        (where / "special_tokens_map.json").write_text(json.dumps(named))
        (where / "tokenizer_config.json").write_text(json.dumps(document))
    pairs = {n: ("transformers" if n.startswith("t") else "diffusers", type(p).__name__)
             for n, p in parts.items()}  # fmt: skip
    pairs |= dict.fromkeys(names, ("transformers", "CLIPTokenizer"))
    _write_index(folder, kind, {}, scheduler=scheduler, **pairs)


def _add_half(folder: Path, *, alone: bool = False) -> None:
    """Adds the fp16 twin of a folder's weights; alone: in their place."""
    from safetensors.torch import load_file, save_file

    (path,) = folder.glob("*.safetensors")
    half = {name: value.half() for name, value in load_file(path).items()}
    save_file(half, path.with_name(f"{path.stem}.fp16.safetensors"), {"format": "pt"})
    if alone:
        path.unlink()


def _age(path: Path) -> None:
    """Gives an autoencoder's attention the key names it had before diffusers 0.18."""
    from safetensors.torch import load_file, save_file

    names = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
    state = load_file(path)
    for new, old in names.items():
        state = {
            name.replace(f"attentions.0.{new}.", f"attentions.0.{old}."): value
            for name, value in state.items()
        }
    assert any("proj_attn" in name for name in state)
    save_file(state, path, {"format": "pt"})


def without(folder: Path, *parts: str) -> None:
    """Takes parts of a pipeline away, as repositories do that hold what was trained alone."""
    for part in parts:
        shutil.rmtree(folder / part)
