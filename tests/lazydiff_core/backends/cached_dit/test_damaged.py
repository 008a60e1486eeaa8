"""Folders whose descriptions lack an entry, or say something odd in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch

from lazydiff_core.backends.cached_dit.family import open_family
from lazydiff_core.backends.cached_dit.needs import planned_needs
from lazydiff_core.backends.cached_dit.pipeline_reader import open_folder, whole_number
from lazydiff_core.doctor.tiny_pipelines import save_klein, save_pixart, save_z_image
from lazydiff_core.errors import ModelError
from lazydiff_core.model.files.pretrained import damage_is_said

FAMILIES: dict[str, Callable[[Path], Path]] = {
    "klein": save_klein,
    "z-image": save_z_image,
    "pixart": save_pixart,
}
PARTS = ("transformer", "text_encoder", "vae")
ODD: tuple[Any, ...] = (None, "x", -1, 0, 1.5, [], {}, True)
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("folders")
    return {name: save(root / name) for name, save in FAMILIES.items()}


@contextmanager
def described(path: Path, document: dict[str, Any]) -> Iterator[None]:
    before = path.read_bytes()
    path.write_text(json.dumps(document), encoding="utf-8")
    try:
        yield
    finally:
        path.write_bytes(before)


def sentence_of(read: Callable[[], object]) -> str:
    """What is said of a damage; "" where something was read."""
    try:
        assert read() is not None
    except ModelError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("part", PARTS)
def test_a_plan_from_a_description_that_lacks_an_entry(
    folders: dict[str, Path], name: str, part: str
) -> None:
    """Every entry in turn is removed, and said oddly: there is a plan, or one sentence."""
    folder = folders[name]
    path = folder / part / "config.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    sentences = 0
    for entry in whole:
        without = {other: value for other, value in whole.items() if other != entry}
        for document in (without, *(whole | {entry: odd} for odd in ODD)):
            with described(path, document):
                said = sentence_of(lambda: planned_needs(open_folder(folder)))
            if said:
                sentences += 1
                assert entry in said
                assert str(path) in said
                assert "\n" not in said
    asked = {"klein": PARTS[::2], "z-image": PARTS, "pixart": PARTS[:1]}
    assert bool(sentences) == (part in asked[name])


@pytest.mark.parametrize("name", FAMILIES)
def test_what_the_libraries_cannot_build_is_one_sentence(
    folders: dict[str, Path], name: str
) -> None:
    folder = folders[name]
    path = folder / "transformer" / "config.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    refused = 0
    for entry in (key for key in whole if not key.startswith("_")):
        with described(path, {key: value for key, value in whole.items() if key != entry}):
            said = sentence_of(lambda: open_family(open_folder(folder), CPU))
        refused += said != ""
        assert "\n" not in said
    assert refused > 2


def test_text_encoders_of_other_sizes_name_what_differs(folders: dict[str, Path]) -> None:
    folder = folders["klein"]
    path = folder / "text_encoder" / "config.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    with described(path, whole | {"hidden_size": 16}), pytest.raises(ModelError) as caught:
        open_family(open_folder(folder), CPU)
    assert "another architecture than its config says (" in str(caught.value)


def test_a_chat_template_that_is_cut_off_is_told_when_the_model_is_loaded(
    folders: dict[str, Path],
) -> None:
    path = folders["klein"] / "tokenizer" / "chat_template.jinja"
    whole = path.read_text(encoding="utf-8")
    path.write_text("{% for m in messages %}{{ m['con", encoding="utf-8")
    try:
        with pytest.raises(ModelError, match="damaged chat template"):
            open_family(open_folder(folders["klein"]), CPU)
    finally:
        path.write_text(whole, encoding="utf-8")


def test_whole_numbers() -> None:
    assert whole_number({"a": 3}, "a", Path("c.json")) == 3
    with pytest.raises(ModelError, match=r"c\.json does not say its a as a whole number"):
        whole_number({"a": "3"}, "a", Path("c.json"))


def test_memory_that_ends_is_no_damage() -> None:
    with pytest.raises(MemoryError), damage_is_said(Path("model")):
        raise MemoryError
    said = pytest.raises(ModelError, match=r"model cannot be read.*\(AssertionError\)")
    with said, damage_is_said(Path("model")):
        raise AssertionError
