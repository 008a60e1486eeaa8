"""Entities by models: real classes of transformers, tiny and random, saved here."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from lazydiff_core.errors import InputError, ModelError
from lazydiff_core.training.entities import segmented as module
from lazydiff_core.training.entities.entity import Chosen, Entity
from lazydiff_core.training.entities.prepare import prepare
from lazydiff_core.training.entities.samples import Choice
from lazydiff_core.training.entities.segmented import SegmentedEntities
from lazydiff_core.training.webshards import find_shards, open_shards
from tests.lazydiff_core.training.entities import tiny_models
from tests.lazydiff_core.training.entities.driving import SIZE, picture


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of a Mask2Former, a BLIP-2 and a SAM."""
    folder = tmp_path_factory.mktemp("models")
    tiny_models.save_mask2former(folder / "mask2former")
    tiny_models.save_blip2(folder / "blip2")
    tiny_models.save_sam(folder / "sam")
    return folder


def source_of(folder: Path, segmenter: Path, captioner: Path | None = None) -> SegmentedEntities:
    return SegmentedEntities(folder, str(segmenter), captioner and str(captioner))


def test_all_pictures_below_a_folder(folder: Path) -> None:
    pictures = list(SegmentedEntities(folder, "any").pictures())
    assert [p.name for p in pictures] == ["a.jpg", "b.png", "d.jpg", "e.png", "more/c.jpg"]
    (folder / "empty").mkdir()
    with pytest.raises(InputError, match="There are no pictures in"):
        list(SegmentedEntities(folder / "empty", "any").pictures())


def test_they_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    """As a sorted list of all would have them, which is never made."""
    names = ["b/z.png", "b.png", "b-1.png", "ba/a.png", "a/q/r.png", "a/q.png", "c.JPG", "b/no.txt"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [p.name for p in SegmentedEntities(tmp_path, "any").pictures()]
    assert found == sorted(names[:-1])


def test_the_first_of_many_pictures_needs_no_list_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for k in range(3):
        (tmp_path / f"{k}").mkdir()
        (tmp_path / f"{k}" / "x.png").touch()
    asked: list[str] = []
    scan = module.os.scandir

    def watched(folder: Path) -> Any:
        asked.append(folder.name)
        return scan(folder)

    monkeypatch.setattr(module.os, "scandir", watched)
    assert next(SegmentedEntities(tmp_path, "any").pictures()).name == "0/x.png"
    assert asked == [tmp_path.name, "0"]


@pytest.mark.slow
def test_a_universal_segmentation_model_names_its_classes(folder: Path, models: Path) -> None:
    source = source_of(folder, models / "mask2former")
    found = source.entities(picture(0), next(source.pictures()))
    assert found
    assert {entity.caption for entity in found} == {"tree"}
    assert all(entity.mask.shape == SIZE and entity.mask.any() for entity in found)
    assert sum(entity.mask.astype(int) for entity in found).max() == 1  # a pixel, an entity
    scores = [entity.origin["score"] for entity in found]
    assert scores == sorted(scores, reverse=True)
    assert source.named([Chosen(picture(0), found)]) == [found]


@pytest.mark.slow
def test_a_captioner_says_what_is_in_the_crops(
    folder: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = source_of(folder, models / "mask2former", models / "blip2")
    mask = np.zeros(SIZE, bool)
    mask[30:60, 20:50] = True
    seen, batches = list[Any](), list[int]()
    pipe = source._captioning

    def watched(**options: Any) -> Any:
        seen.extend(np.asarray(image) for image in options["images"])
        batches.append(options["batch_size"])
        return pipe(**options)

    monkeypatch.setitem(source.__dict__, "_captioning", watched)
    tree = Entity(mask, "tree", {"class": "tree"})
    chosen = [Chosen(picture(0), [tree] * 2), Chosen(picture(1), []), Chosen(picture(1), [tree])]
    named = source.named(chosen)
    assert [len(entities) for entities in named] == [2, 0, 1]
    captions = [entity.caption.split()[0] for entities in named for entity in entities]
    assert captions == ["disc"] * 3
    assert named[0][0].origin["class"] == "tree"
    assert batches == [3]  # those of all pictures at once
    assert np.array_equal(seen[0], picture(0)[27:63, 17:53])


@pytest.mark.slow
def test_models_make_shards(folder: Path, models: Path, tmp_path: Path, choice: Choice) -> None:
    source = source_of(folder, models / "mask2former", models / "blip2")
    wide = dataclasses.replace(choice, most_area=0.9)
    counts = prepare([source], tmp_path / "shards", wide)
    assert (counts["pictures"], counts["unreadable"], counts["pictures too small"]) == (5, 1, 1)
    assert counts["samples"] > 0
    shards = open_shards(find_shards([tmp_path / "shards"]))
    assert shards.read(0)[1]["txt"].startswith(b"disc")


# --- SAM ---------------------------------------------------------------------------------------


def test_sam_is_recognised_and_needs_a_captioner(folder: Path, models: Path) -> None:
    assert module._task_of(models / "sam") == "mask-generation"
    source = source_of(folder, models / "sam")
    with pytest.raises(InputError, match="gives no names: name a captioning model"):
        source.entities(picture(0), next(source.pictures()))


def test_masks_without_names(folder: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What SAM's pipeline returns, in its form; the real one is tested below where it can run."""

    class Masks:
        task = "mask-generation"

        def __call__(self, image: Any) -> Any:
            masks = [torch.zeros(SIZE, dtype=torch.bool) for _ in range(2)]
            masks[0][:9, :9], masks[1][30:60, 20:50] = True, True
            return {"masks": masks, "scores": torch.tensor([0.7, 0.9])}

    source = source_of(folder, models / "sam", models / "blip2")
    monkeypatch.setitem(source.__dict__, "_segmenting", Masks())
    found = source.entities(picture(0), next(source.pictures()))
    assert [int(entity.mask.sum()) for entity in found] == [900, 81]
    assert [entity.caption for entity in found] == ["", ""]


@pytest.mark.slow
def test_sam_itself(folder: Path, models: Path) -> None:
    """Its post-processing is torchvision's: without it, that is what is said."""
    source = source_of(folder, models / "sam", models / "blip2")
    try:
        import torchvision  # noqa: F401
    except ImportError:
        with pytest.raises(ModelError, match=r"lacks a library: .*Torchvision"):
            source.entities(picture(0), next(source.pictures()))
        return
    found = source.entities(picture(0), next(source.pictures()))
    assert found
    assert all(entity.mask.shape == SIZE for entity in found)


# --- what is no such model ---------------------------------------------------------------------


@pytest.mark.parametrize("config", ["{}", "no JSON", '{"model_type": "bert"}'])
def test_other_folders_are_refused(folder: Path, tmp_path: Path, config: str) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "config.json").write_text(config)
    source = source_of(folder, tmp_path / "other")
    with pytest.raises(ModelError, match="other cannot be used"):
        source.entities(picture(0), next(source.pictures()))


def test_pickles_are_not_loaded(folder: Path, models: Path, tmp_path: Path) -> None:
    import shutil

    copy = shutil.copytree(models / "blip2", tmp_path / "pickled")
    (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    source = source_of(folder, models / "mask2former", copy)
    with pytest.raises(ModelError, match="pickled cannot be used"):
        source.named([Chosen(picture(0), [Entity(np.ones(SIZE, bool), "", {})])])
