"""Models of the classes that data is prepared with, a few thousand random weights each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch


def save_mask2former(folder: Path) -> None:
    """Finds trees wherever the random masks of its queries are surest."""
    from transformers import (
        Mask2FormerConfig,
        Mask2FormerForUniversalSegmentation,
        SwinConfig,
    )
    from transformers.models.mask2former import image_processing_pil_mask2former as processing

    stages = ["stage1", "stage2", "stage3", "stage4"]
    backbone = SwinConfig(
        image_size=32, patch_size=2, embed_dim=8, depths=[1] * 4, num_heads=[1] * 4,
        window_size=2, out_features=stages,
    )  # fmt: skip
    config = Mask2FormerConfig(
        backbone_config=backbone, feature_size=32, mask_feature_size=32, hidden_dim=32,
        encoder_feedforward_dim=16, dim_feedforward=16, encoder_layers=1, decoder_layers=2,
        num_attention_heads=2, num_queries=5, id2label={0: "cat", 1: "dog", 2: "tree"},
    )  # fmt: skip
    torch.manual_seed(0)
    model = Mask2FormerForUniversalSegmentation(config)
    with torch.no_grad():
        model.class_predictor.weight.zero_()
        model.class_predictor.bias.copy_(torch.tensor([0.0, 0.0, 9.0, 0.0]))
        layers = [
            module
            for name, module in model.named_modules()
            if "mask_embedder" in name and isinstance(module, torch.nn.Linear)
        ]
        layers[-1].weight.mul_(900)  # so that masks are either there or not
    model.save_pretrained(folder)
    sizes = {"size": {"height": 32, "width": 32}, "num_labels": 3}
    processing.Mask2FormerImageProcessorPil(**sizes).save_pretrained(folder)


def save_blip2(folder: Path) -> None:
    """Says "disc", over and over."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import (
        Blip2Config,
        Blip2ForConditionalGeneration,
        Blip2Processor,
        PreTrainedTokenizerFast,
    )
    from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

    words = ["<pad>", "<s>", "</s>", "<unk>", "a", "red", "disc", "square"]
    tokenizer = Tokenizer(
        models.WordLevel({word: k for k, word in enumerate(words)}, unk_token="<unk>")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>", bos_token="<s>", eos_token="</s>", unk_token="<unk>",
    )  # fmt: skip
    width: dict[str, Any] = {
        "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
    }  # fmt: skip
    config = Blip2Config(
        vision_config={**width, "intermediate_size": 16, "image_size": 32, "patch_size": 16},
        qformer_config={
            **width, "intermediate_size": 16, "encoder_hidden_size": 16, "vocab_size": 9,
        },
        text_config={
            **width, "model_type": "opt", "ffn_dim": 16, "vocab_size": 9,
            "max_position_embeddings": 64, "word_embed_proj_dim": 16, "pad_token_id": 0,
            "bos_token_id": 1, "eos_token_id": 2,
        },
        num_query_tokens=2,
        image_token_index=8,
    )  # fmt: skip
    torch.manual_seed(0)
    model = Blip2ForConditionalGeneration(config)
    with torch.no_grad():
        decoder = model.language_model.get_decoder()
        decoder.final_layer_norm.weight.zero_()
        decoder.final_layer_norm.bias.fill_(1)
        words_by_row = decoder.embed_tokens.weight
        words_by_row.zero_()
        words_by_row[words.index("disc")] = 1
    model.save_pretrained(folder)
    processor = BlipImageProcessorPil(size={"height": 32, "width": 32})
    Blip2Processor(processor, fast, num_query_tokens=2).save_pretrained(folder)


def save_sam(folder: Path) -> None:
    from transformers import SamConfig, SamModel
    from transformers.models.sam.image_processing_pil_sam import SamImageProcessorPil

    config = SamConfig(
        vision_config={
            "hidden_size": 16, "output_channels": 8, "num_hidden_layers": 1,
            "num_attention_heads": 2, "image_size": 32, "patch_size": 8, "mlp_dim": 16,
            "window_size": 2, "global_attn_indexes": [0], "num_pos_feats": 4,
        },
        prompt_encoder_config={
            "hidden_size": 8, "image_size": 32, "patch_size": 8, "mask_input_channels": 4,
            "image_embedding_size": 4,
        },
        mask_decoder_config={
            "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "mlp_dim": 16,
            "attention_downsample_rate": 1, "iou_head_hidden_dim": 8,
        },
    )  # fmt: skip
    torch.manual_seed(0)
    SamModel(config).save_pretrained(folder)
    SamImageProcessorPil(
        size={"longest_edge": 32}, pad_size={"height": 32, "width": 32},
        mask_size={"longest_edge": 8}, mask_pad_size={"height": 8, "width": 8},
    ).save_pretrained(folder)  # fmt: skip
