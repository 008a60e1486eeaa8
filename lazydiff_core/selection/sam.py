"""Objects found by Segment Anything (Kirillov et al. 2023), or a smaller model of its layout.

Folders are those of transformers' SamModel: config.json, model.safetensors and
preprocessor_config.json, such as SlimSAM's (Chen et al. 2023).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.device_faults import typed_faults
from lazydiff_core.errors import ModelError
from lazydiff_core.model.files.pretrained import load_pretrained
from lazydiff_core.selection.grabcut import Point


class Sam:
    """A segmenter; the last picture's embedding is kept for further clicks on it."""

    def __init__(self, folder: Path) -> None:
        """Raises ModelError for a folder that cannot be used."""
        from transformers import SamModel, SamProcessor
        from transformers.utils.logging import disable_progress_bar, get_verbosity, set_verbosity

        disable_progress_bar()
        self.model = load_pretrained(SamModel, folder, "model").eval()
        before = get_verbosity()
        set_verbosity(40)  # it tells of a faster library for what takes milliseconds
        try:
            self.processor = SamProcessor.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError, TypeError) as error:
            raise ModelError(f"{folder} has no usable preprocessor_config.json.") from error
        finally:
            set_verbosity(before)
        self._picture: RGB | None = None
        self._embedding: Any = None

    def object_in(self, image: RGB, box: Box | None, points: list[Point]) -> Mask:
        """(H,W) bool: the object in a box, at points, or both; of three guesses the surest."""
        import torch

        asked: dict[str, Any] = {}
        if box is not None:
            asked["input_boxes"] = [[[box.left, box.top, box.right, box.bottom]]]
        if points:
            asked["input_points"] = [[[list(point) for point in points]]]
        with typed_faults(), torch.inference_mode():
            inputs = self.processor(images=image, return_tensors="pt", **asked)
            pixels = inputs.pop("pixel_values")
            sizes = inputs.pop("original_sizes"), inputs.pop("reshaped_input_sizes")
            if self._picture is None or not np.array_equal(self._picture, image):
                self._embedding = self.model.get_image_embeddings(pixels)
                self._picture = image.copy()
            given = {name: inputs[name] for name in asked}
            if "input_boxes" in given:
                given["input_boxes"] = given["input_boxes"].float()
            if "input_points" in given:
                given["input_points"] = given["input_points"].float()
            said = self.model(image_embeddings=self._embedding, multimask_output=True, **given)
            masks = self.processor.image_processor.post_process_masks(said.pred_masks, *sizes)
            best = int(said.iou_scores[0, 0].argmax())
            return np.asarray(masks[0][0, best].numpy(), np.bool_)


@lru_cache(maxsize=1)
def load_sam(folder: Path) -> Sam:
    """The segmenter of a folder, kept in memory for further calls; raises ModelError."""
    return Sam(folder)
