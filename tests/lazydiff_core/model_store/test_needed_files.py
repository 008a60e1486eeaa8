"""The lists of public repositories, and what of them is downloaded."""

from __future__ import annotations

import pytest

from lazydiff_core.errors import ModelError
from lazydiff_core.model_store.needed_files import needed_files
from lazydiff_core.model_store.weight_names import complete_variants, index_name, weight_name

SDXL = {
    "_class_name": "StableDiffusionXLPipeline",
    "force_zeros_for_empty_prompt": True,
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "feature_extractor": [None, None],
    "safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"],
}
FILES = {
    "README.md": 1,
    "model_index.json": 1,
    "sd_xl_base_1.0.safetensors": 7,
    "sd_xl_offset_example-lora_1.0.safetensors": 1,
    "unet/config.json": 1,
    "unet/diffusion_pytorch_model.safetensors": 10,
    "unet/diffusion_pytorch_model.fp16.safetensors": 5,
    "unet/diffusion_pytorch_model.non_ema.safetensors": 10,
    "unet/diffusion_pytorch_model.bin": 10,
    "unet/openvino_model.xml": 1,
    "vae/config.json": 1,
    "vae/diffusion_pytorch_model.safetensors": 2,
    "vae_1_0/config.json": 1,
    "vae_1_0/diffusion_pytorch_model.safetensors": 2,
    "tokenizer/vocab.json": 1,
    "tokenizer/merges.txt": 1,
    "tokenizer/chat_template.jinja": 1,
    "safety_checker/config.json": 1,
    "safety_checker/model.safetensors": 3,
}


def test_a_pipeline_comes_once() -> None:
    assert set(needed_files(FILES, SDXL)) == {
        "README.md",
        "model_index.json",
        "unet/config.json",
        "unet/diffusion_pytorch_model.fp16.safetensors",
        "vae/config.json",
        "vae/diffusion_pytorch_model.safetensors",
        "tokenizer/vocab.json",
        "tokenizer/merges.txt",
        "tokenizer/chat_template.jinja",
    }


def test_shards_come_with_their_own_index_only() -> None:
    files = {
        "text_encoder/config.json": 1,
        "text_encoder/model-00001-of-00002.safetensors": 10,
        "text_encoder/model-00002-of-00002.safetensors": 10,
        "text_encoder/model.safetensors.index.json": 1,
        "text_encoder/model.fp16-00001-of-00002.safetensors": 5,
        "text_encoder/model.fp16-00002-of-00002.safetensors": 5,
        "text_encoder/model.safetensors.index.fp16.json": 1,
    }
    index = {"text_encoder": ["transformers", "T5EncoderModel"]}
    kept = needed_files({"model_index.json": 1} | files, index)
    assert {name for name in kept if "fp16" not in name} == {
        "model_index.json",
        "text_encoder/config.json",
    }
    assert len(kept) == 5
    del files["text_encoder/model.fp16-00002-of-00002.safetensors"]
    kept = needed_files({"model_index.json": 1} | files, index)
    assert not any("fp16" in name for name in kept), "a variant that is not whole is none"


@pytest.mark.parametrize(
    ("gone", "why"),
    [
        (("vae/config.json", "vae/diffusion_pytorch_model.safetensors"), "it has no vae"),
        (("vae/diffusion_pytorch_model.safetensors",), "weights of its vae not in full"),
        (
            (
                "unet/diffusion_pytorch_model.safetensors",
                "unet/diffusion_pytorch_model.fp16.safetensors",
            ),
            "weights of its unet only as pickles",
        ),
    ],
)
def test_what_lacks_is_named(gone: tuple[str, ...], why: str) -> None:
    with pytest.raises(ModelError, match=why):
        needed_files({name: size for name, size in FILES.items() if name not in gone}, SDXL)


def test_names_of_weights() -> None:
    shard = weight_name("a/diffusion_pytorch_model-00002-of-00003.fp16.safetensors")
    assert shard is not None
    assert (shard.variant, shard.number, shard.of) == ("fp16", 2, 3)
    assert weight_name("sd_xl_base_1.0.safetensors") is None
    assert weight_name("diffusion_pytorch_model.non_ema.safetensors") is None
    listed = index_name("model.safetensors.index.bf16.json")
    assert listed is not None
    assert listed.variant == "bf16"
    assert index_name("config.json") is None
    names = ["model.fp16.safetensors", "model.safetensors", "model-00001-of-00002.safetensors"]
    assert complete_variants(names, "model") == {
        "": ("model.safetensors",),
        "fp16": ("model.fp16.safetensors",),
    }


def test_weights_under_a_name_that_the_class_does_not_read_are_none() -> None:
    odd = {n.replace("unet/diffusion_pytorch_model", "unet/model"): s for n, s in FILES.items()}
    with pytest.raises(ModelError, match="weights of its unet"):
        needed_files(odd, SDXL)
