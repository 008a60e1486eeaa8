"""The commands of docs/training.md, as they are written there, on models and pictures made small.

What differs: the recipe's numbers, two processes instead of 8 and 56, on CPUs, and both of two
"machines" being this one. accelerate would ask for one process by itself where it finds no GPU, so
that it is told of several, as it takes for granted where it finds them.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from lazydiff_core.cli import main
from lazydiff_core.images.reading import read_image
from lazydiff_core.model.checkpoint.checkpoint import load_checkpoint
from lazydiff_core.training.checkpoints import checkpoints
from tests.lazydiff_core.training.driving import free_port
from tests.lazydiff_core.training.entities import tiny_models
from tests.lazydiff_core.training.entities.driving import VOC_XML

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "training.md"

SMALL = {
    "steps": 2, "batch": 4, "micro_batch": 2, "workers": 0, "save_every": 1, "sample_every": 2,
    "samples": 1, "sample_steps": 1, "log_every": 1, "precision": "float32",
}  # fmt: skip


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def shapes(seed: int) -> np.ndarray:
    """520 x 640 pixels, a square and a disc on noise."""
    image = np.random.default_rng(seed).integers(0, 256, (520, 640, 3), np.uint8)
    cv2.rectangle(image, (100, 150), (249, 299), (220, 20, 20), -1)
    cv2.circle(image, (450, 250), 80, (20, 20, 220), -1)
    return image


@pytest.fixture
def place(tmp_path: Path, pixart_pipeline: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that has what the document asks for."""
    tiny_models.save_mask2former(tmp_path / "mask2former")
    tiny_models.save_blip2(tmp_path / "blip2")
    (tmp_path / "pixart").symlink_to(pixart_pipeline)
    (tmp_path / "resources").symlink_to(ROOT / "resources")
    for folder in ("photos", "coco/images", "voc/JPEGImages", "voc/Annotations"):
        (tmp_path / folder).mkdir(parents=True)
        for k in range(4):
            if "Annotations" not in folder:
                Image.fromarray(shapes(k)).save(tmp_path / folder / f"{k}.jpg")
    for k in range(4):
        text = VOC_XML.replace("128", "640").replace("96", "520").replace("<xmax>50", "<xmax>200")
        (tmp_path / "voc" / "Annotations" / f"{k}.xml").write_text(text)
    notes = {
        "images": [
            {"id": k, "file_name": f"{k}.jpg", "height": 520, "width": 640} for k in range(4)
        ],
        "annotations": [
            {"image_id": k, "category_id": 1, "bbox": [100, 150, 150, 150]} for k in range(4)
        ],
        "categories": [{"id": 1, "name": "square"}],
    }
    (tmp_path / "coco" / "instances.json").write_text(json.dumps(notes))
    Image.fromarray(shapes(9)).save(tmp_path / "photo.png")
    mask = np.zeros((520, 640), np.uint8)
    mask[140:310, 90:260] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make_small(recipe: Path, steps: int) -> None:
    values = tomllib.loads(recipe.read_text()) | SMALL | {"steps": steps}
    recipe.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items()))


def launch(command: str, machines: int, place: Path) -> None:
    """Run accelerate's launcher once for each machine, all at a time."""
    processes = re.sub(r"--num_processes \d+", "--num_processes 2 --multi_gpu", command)
    small = re.sub(r"--num_machines \d+", f"--num_machines {machines}", processes)
    small = re.sub(r"--main_process_port \d+", f"--main_process_port {free_port()}", small)
    hidden = {"CUDA_VISIBLE_DEVICES": ""}
    known = os.environ | hidden | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    running = []
    for rank in range(machines):
        mine = small.replace("$RANK", str(rank)).replace("$FIRST", "127.0.0.1")
        program, verb, *arguments = shlex.split(mine)
        assert (program, verb) == ("accelerate", "launch")
        full = [sys.executable, "-m", "accelerate.commands.launch", *arguments]
        running.append(
            subprocess.Popen(full, env=known, cwd=place, stderr=subprocess.PIPE, text=True)
        )
    try:
        for process in running:
            news = process.communicate(timeout=400)[1]
            assert process.returncode == 0, news
    finally:
        for process in running:
            process.kill()
            process.communicate()


@pytest.mark.slow
def test_from_photographs_to_a_painted_picture(place: Path, capsys: Any) -> None:
    found = commands()
    assert len(found) == 11
    launches = 0
    for command in found:
        program, *arguments = shlex.split(command)
        if program == "cp":
            source, target = map(Path, arguments)
            target.write_bytes(source.read_bytes())
            make_small(target, 2)
        elif program == "accelerate":
            launches += 1
            make_small(Path("run.toml"), 2 * launches)
            launch(command, launches, place)
            assert checkpoints(Path("run"))[-1][0] == 2 * launches
        else:
            assert program == "lazydiff"
            assert main(arguments) == 0, (command, capsys.readouterr().err)
    assert launches == 2
    weights = load_checkpoint(Path("model")).lazy.state_dict()
    assert all(torch.equal(v, weights[k]) for k, v in load_file("weights.safetensors").items())
    assert read_image(Path("painted.png")).shape == (520, 640, 3)
    for name in ("shards/sheet.png", "shards-coco/sheet.png", "shards-voc/sheet.png"):
        assert read_image(Path(name)).size
    assert sorted(path.name for path in Path("run/sheets").iterdir()) == [
        "step-00000002.png",
        "step-00000004.png",
    ]


def test_options_that_are_only_named_exist() -> None:
    """What the document says in passing."""
    from lazydiff_core.cli.command_table import COMMANDS
    from lazydiff_core.cli.entry import build_parser
    from lazydiff_core.training.recipe import Recipe

    parse = build_parser(COMMANDS).parse_args
    prepare = ["data", "prepare", "photos", "--segmenter", "x", "--out", "y"]
    assert parse([*prepare, "--shard", "7/7"]).shard == (6, 7)
    pixart = ["models", "init-pixart", "pixart", "--out", "start"]
    assert parse([*pixart, "--classes", "1000"]).classes == 1000
    assert parse([*pixart, "--architecture", "regenerate_image"]).architecture
    encode = ["data", "encode", "--data", "a", "b", "--model", "start", "--out", "encoded"]
    assert parse([*encode, "--device", "cuda:1", "--shard", "2/8"]).shard == (1, 8)
    assert Recipe().draws == 1
