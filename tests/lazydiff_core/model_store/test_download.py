"""Against a hub of our own on this machine: no other is ever asked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

import pytest

from lazydiff_core.errors import Cancelled, ModelError, TargetError
from lazydiff_core.model_store import ModelRegistry
from lazydiff_core.model_store import download as downloads
from lazydiff_core.model_store.download import download
from lazydiff_core.model_store.hub_offer import HubOffer, look_up
from tests.lazydiff_core.model_store.doubles import COMMIT, MODEL, FakeHub, serving

WEIGHTS = bytes(range(256)) * 4000
FILES = {
    "config.json": b'{"lazy": {}}',
    "lazy.safetensors": WEIGHTS,
    "vae/model.safetensors": b"small",
    "README.md": b"# A model",
    "train.py": b"print()",
    "pytorch_model.bin": b"pickle",
}
KEPT = {"README.md", "config.json", "lazy.safetensors", "vae/model.safetensors"}


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with serving(FakeHub(FILES)) as made:
        yield made


@pytest.fixture
def registry(tmp_path: Path) -> ModelRegistry:
    return ModelRegistry(tmp_path / "data")


def offer_of(hub: FakeHub) -> HubOffer:
    return look_up(MODEL, endpoint=hub.address)


def test_an_offer_says_what_a_download_would_bring(hub: FakeHub) -> None:
    offer = offer_of(hub)
    assert (offer.commit, offer.licence) == (COMMIT, "apache-2.0")
    assert {file.name for file in offer.files} == KEPT
    assert offer.bytes == sum(len(FILES[name]) for name in KEPT)
    assert hub.asked == [], "nothing was transferred"


def test_a_model_arrives_whole_and_gets_its_name(hub: FakeHub, registry: ModelRegistry) -> None:
    seen: list[tuple[int, int]] = []
    offer = offer_of(hub)
    model = download(offer, registry, "tiny", lambda *news: seen.append(news))
    assert (model.name, model.source) == ("tiny", f"{MODEL}@{COMMIT}")
    there = {path.relative_to(model.path).as_posix() for path in model.path.rglob("*")}
    assert there == {*KEPT, "vae"}
    assert (model.path / "lazy.safetensors").read_bytes() == WEIGHTS
    assert seen[-1] == (offer.bytes, offer.bytes)
    assert registry.find("tiny") == model
    with pytest.raises(ModelError, match="already installed"):
        download(offer, registry)


def test_a_stopped_download_goes_on_from_where_it_was(
    hub: FakeHub, registry: ModelRegistry
) -> None:
    hub.gate.clear()
    here = [0]
    offer = offer_of(hub)
    with pytest.raises(Cancelled):
        download(
            *(offer, registry, ""),
            lambda arrived, _: here.append(arrived),
            lambda: here[-1] > len(WEIGHTS) // 3,
        )
    assert registry.models() == ()
    assert not (registry.downloads / offer.folder_name).exists()
    hub.gate.set()
    hub.asked.clear()
    model = download(offer, registry)
    assert (model.path / "lazy.safetensors").read_bytes() == WEIGHTS
    asked = dict(hub.asked)
    assert asked["lazy.safetensors"] > len(WEIGHTS) // 4, "what was here is not asked for again"
    assert "config.json" not in asked
    assert [path.name for path in registry.downloads.iterdir()] == [offer.folder_name]


def test_two_at_once_do_not_write_to_the_same_files(
    hub: FakeHub, registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "_OTHERS_SECONDS", 0.1)
    offer = offer_of(hub)
    refused: list[str] = []

    def begin_again(_here: int, _all: int) -> None:
        if not refused:
            with pytest.raises(ModelError) as caught:
                download(offer, registry)
            refused.append(str(caught.value))

    model = download(offer, registry, "", begin_again)
    assert "is being downloaded by another window or command" in refused[0]
    assert (model.path / "lazy.safetensors").read_bytes() == WEIGHTS


def test_a_hub_that_cannot_go_on_sends_all_of_it_again(
    hub: FakeHub, registry: ModelRegistry
) -> None:
    offer = offer_of(hub)
    begun = (
        registry.downloads / f".{offer.folder_name}.{COMMIT[:12]}.part" / "lazy.safetensors.part"
    )
    begun.parent.mkdir(parents=True)
    begun.write_bytes(b"something else")
    hub.goes_on = False
    assert (download(offer, registry).path / "lazy.safetensors").read_bytes() == WEIGHTS


def test_a_transfer_that_breaks_off_goes_on_as_well(hub: FakeHub, registry: ModelRegistry) -> None:
    hub.breaks = True
    offer = offer_of(hub)
    with pytest.raises(ModelError, match="ended early"):
        download(offer, registry)
    hub.breaks = False
    hub.asked.clear()
    download(offer, registry)
    assert dict(hub.asked)["lazy.safetensors"] == len(WEIGHTS) // 2


def test_a_full_disk_is_told(
    hub: FakeHub, registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    class Full:
        def __init__(self, file: IO[bytes]) -> None:
            self.file = file

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def write(self, _data: bytes) -> int:
            raise OSError(28, "No space left on device")

    def opened(path: Path, mode: str = "r", **how: Any) -> object:
        file = real(path, mode, **how)
        return Full(file) if path.suffix == ".part" and mode == "wb" else file

    offer = offer_of(hub)
    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(TargetError, match="No space left"):
        download(offer, registry)


def test_a_damaged_file_is_never_used(hub: FakeHub, registry: ModelRegistry) -> None:
    hub.damaged = {"lazy.safetensors"}
    offer = offer_of(hub)
    with pytest.raises(ModelError, match=r"lazy\.safetensors arrived damaged"):
        download(offer, registry)
    assert registry.models() == ()
    hub.damaged = set()
    assert download(offer, registry).is_there


def test_small_files_are_checked_too(hub: FakeHub, registry: ModelRegistry) -> None:
    hub.damaged = {"config.json"}
    with pytest.raises(ModelError, match=r"config\.json arrived damaged"):
        download(offer_of(hub), registry)


def test_a_disk_without_room_is_noticed_before(
    hub: FakeHub, registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage(NamedTuple):
        free: int

    offer = offer_of(hub)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(1000))
    with pytest.raises(TargetError, match="make room first"):
        download(offer, registry)
    assert hub.asked == []


def test_a_hub_that_goes_away_is_told(
    registry: ModelRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "lazydiff_core")  # what the command line prints
    with serving(FakeHub(FILES)) as hub:
        offer = offer_of(hub)
        gone = hub.address
    with pytest.raises(ModelError, match="did not arrive"):
        download(offer, registry)
    with pytest.raises(ModelError, match="hub"):
        look_up(MODEL, endpoint=gone)
    assert caplog.messages == [], "one sentence, no stack"


def test_an_unknown_model_is_told(hub: FakeHub) -> None:
    with pytest.raises(ModelError, match="There is no 'artist/other' on the hub"):
        look_up("artist/other", endpoint=hub.address)
    with pytest.raises(ModelError, match="has no details of 'a b/c'"):
        look_up("a b/c", endpoint=hub.address)


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"config.json": b"{}", "pytorch_model.bin": b"x"}, "only as pickles"),
        ({"config.json": b"{}"}, "weights nowhere"),
        ({"readme.txt": b"x"}, "not a model for LazyDiff"),
        (
            {"flux-2-klein-4b-fp8.safetensors": b"x", "README.md": b""},
            "holds files alone, such as flux-2-klein-4b-fp8.safetensors: download",
        ),
        (
            {"split_files/diffusion_models/z_image_turbo_bf16.safetensors": b"x"},
            "holds files alone, such as split_files/diffusion_models/z",
        ),
        (
            {"z-image-turbo-Q4_K_M.gguf": b"x", "z-image-turbo-Q8_0.gguf": b"x"},
            "holds files alone, such as z-image-turbo-Q4_K_M.gguf",
        ),
        ({"pytorch_lora_weights.safetensors": b"x"}, "or use it by --lora"),
        (
            {"fp16/model_index.json": b"{}", "fp16/unet/a.safetensors": b"x"},
            "holds pipelines in folders, such as fp16",
        ),
        ({"model_index.json": b"{}"}, "names no pipeline"),
        (
            {"config.json": b"{}", "diffusion_pytorch_model-00001-of-00001.safetensors": b"x"},
            "is a part of a pipeline alone",
        ),
        ({"config.json": b"{}", "../../a.safetensors": b"x"}, "unsafe name"),
        ({"config.json": b"{}", "C:a.safetensors": b"x"}, "unsafe name"),
    ],
)
def test_offers_that_are_not_taken(files: dict[str, bytes], why: str) -> None:
    with serving(FakeHub(files)) as hub, pytest.raises(ModelError, match=why):
        offer_of(hub)


def test_a_lender_comes_without_weights(registry: ModelRegistry) -> None:
    index = {"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet"],
             "tokenizer": ["transformers", "CLIPTokenizer"]}  # fmt: skip
    files = {
        "model_index.json": json.dumps(index).encode(), "unet/config.json": b"{}",
        "unet/diffusion_pytorch_model.safetensors": b"x" * 999, "tokenizer/vocab.json": b"{}",
    }  # fmt: skip
    with serving(FakeHub(files)) as hub:
        whole = offer_of(hub)
        offer = whole.without_weights()
        assert offer.bytes < 300 < whole.bytes
        model = download(offer, registry)
        assert (model.name, registry.owns(model)) == ("artist--tiny-without-weights", True)
        assert not list(model.path.rglob("*.safetensors"))
        assert (model.path / "tokenizer" / "vocab.json").is_file()
        assert download(whole, registry).path != model.path, "the whole can come, too"
