"""Tiny folders of pictures: squares and discs on noise, annotated in both formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

SIZE = (96, 128)  # height, width


def picture(seed: int) -> np.ndarray:
    """A red square at (20, 30) and a blue disc around (90, 50), left and top first."""
    image = np.random.default_rng(seed).integers(0, 256, (*SIZE, 3), np.uint8)
    cv2.rectangle(image, (20, 30), (49, 59), (220, 20, 20), -1)
    cv2.circle(image, (90, 50), 16, (20, 20, 220), -1)
    return image


def write_pictures(root: Path) -> None:
    """Five pictures, one of them cut off, one in a folder of its own, one too small."""
    (root / "more").mkdir(parents=True)
    for k, name in enumerate(("a.jpg", "b.png", "more/c.jpg")):
        Image.fromarray(picture(k)).save(root / name, quality=95)
    whole = (root / "a.jpg").read_bytes()
    (root / "d.jpg").write_bytes(whole[: len(whole) // 3])
    Image.fromarray(picture(4)[:20, :20]).save(root / "e.png")
    (root / "notes.txt").write_text("no picture")


SQUARE = [20, 30, 50, 30, 50, 60, 20, 60]


def annotation(image: int, **changes: Any) -> dict[str, Any]:
    return {"image_id": image, "category_id": 1, "segmentation": [SQUARE], **changes}


def write_coco(folder: Path) -> Path:
    """Of each picture: the square by polygon, the disc's box, a crowd, a speck, everything."""
    height, width = SIZE
    names = ("a.jpg", "b.png", "more/c.jpg", "d.jpg", "e.png", "gone.jpg")
    images = [
        {"id": k, "file_name": name, "height": height, "width": width}
        for k, name in enumerate(names)
    ]
    notes = []
    for k in range(len(names)):
        notes += [
            annotation(k),
            annotation(k, category_id=2, segmentation=[], bbox=[74, 34, 32, 32]),
            annotation(
                k, iscrowd=1, segmentation={"size": list(SIZE), "counts": [0, height * width]}
            ),
            annotation(k, segmentation=[[0, 0, 3, 0, 3, 3]]),
            annotation(k, segmentation=[[0, 0, width, 0, width, height, 0, height]]),
            annotation(k, segmentation={"size": [height, width], "counts": [7]}),
        ]
    kinds = [{"id": 1, "name": "square"}, {"id": 2, "name": "disc"}]
    path = folder / "notes.json"
    path.write_text(json.dumps({"images": images, "annotations": notes, "categories": kinds}))
    return path


VOC_XML = """<annotation><size><width>128</width><height>96</height></size>
<object><name>square</name><bndbox><xmin>21</xmin><ymin>31</ymin><xmax>50</xmax><ymax>60</ymax>
</bndbox></object>
<object><name>pottedplant</name><bndbox><xmin>75</xmin><ymin>35</ymin><xmax>106</xmax>
<ymax>66</ymax></bndbox></object></annotation>"""


def write_voc(root: Path) -> None:
    """Three pictures: with masks, without masks, with a damaged annotation."""
    for name in ("JPEGImages", "Annotations", "SegmentationObject"):
        (root / name).mkdir(parents=True)
    for k, name in enumerate("abc"):
        Image.fromarray(picture(k)).save(root / "JPEGImages" / f"{name}.jpg", quality=95)
        (root / "Annotations" / f"{name}.xml").write_text(VOC_XML if name != "c" else VOC_XML[:90])
    numbers = np.zeros(SIZE, np.uint8)
    cv2.circle(numbers, (90, 50), 16, 2, -1)
    numbers[30:60, 20:50] = 1
    numbers[30, 20:50] = 255
    painted = Image.fromarray(numbers)
    painted.putpalette([0, 0, 0, 128, 0, 0, 0, 128, 0])
    painted.save(root / "SegmentationObject" / "a.png")
