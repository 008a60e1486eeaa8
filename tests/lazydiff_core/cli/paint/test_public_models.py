"""Public repositories as a hub serves them: download, then fill; tiny random weights."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest

from lazydiff_core.model_store import default_registry, quantised_parts
from tests.lazydiff_core import public_layouts as layouts
from tests.lazydiff_core.cli.driving import Pictures, Run
from tests.lazydiff_core.model_store.doubles import MODEL, FakeHub, serving

pytestmark = pytest.mark.filterwarnings(
    "ignore:builtin type:DeprecationWarning", "ignore:__array__ implementation:DeprecationWarning"
)

Make = Callable[[Path], None]
ROOT = ("README.md", "model_index.json")  # what of the repository's own folder is taken


def _lcm(folder: Path) -> None:
    from diffusers import LCMScheduler

    layouts.pixart(folder, scheduler=LCMScheduler(beta_end=0.001))


FAMILIES: dict[str, tuple[Make, str]] = {
    "klein": (lambda f: layouts.klein(f, is_distilled=True), "cached_dit"),
    "klein-base": (layouts.klein, "cached_dit"),
    "klein-kv": (lambda f: layouts.klein(f, "Flux2KleinKVPipeline"), "cached_dit"),
    "z-image-turbo": (layouts.z_image, "cached_dit"),
    "z-image": (lambda f: layouts.z_image(f, shift=6.0), "cached_dit"),
    "pixart": (layouts.pixart, "cached_dit"),
    "sigma": (lambda f: layouts.pixart(f, "PixArtSigmaPipeline"), "cached_dit"),
    "lcm": (_lcm, "cached_dit"),
    "sdxl": (layouts.sdxl_inpainting, "sdxl_inpaint"),
    "sdxl-half": (
        lambda f: layouts.sdxl_inpainting(f, half_alone=True),
        "sdxl_inpaint",
    ),
    "sd2": (layouts.sd2_inpainting, "sd2_crop"),
}


@pytest.fixture(scope="session")
def repository(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Make], dict[str, bytes]]:
    """All files of a repository; each is made once a session."""
    made: dict[Make, dict[str, bytes]] = {}

    def files(make: Make) -> dict[str, bytes]:
        if make not in made:
            folder = tmp_path_factory.mktemp("repository")
            make(folder)
            made[make] = layouts.files_of(folder) | layouts.README
        return made[make]

    return files


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Serves files as the only hub that there is."""

    @contextmanager
    def serve(files: dict[str, bytes], **told: Any) -> Iterator[FakeHub]:
        with serving(FakeHub(files, **told)) as made:
            monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", made.address)
            monkeypatch.setattr(
                huggingface_hub.constants,
                "HUGGINGFACE_CO_URL_TEMPLATE",
                made.address + "/{repo_id}/resolve/{revision}/{filename}",
            )
            monkeypatch.setattr(huggingface_hub.hf_api, "get_token", lambda: None)
            yield made

    return serve


@pytest.mark.parametrize("family", FAMILIES)
def test_a_public_model_is_downloaded_and_fills(
    family: str, repository: Any, hub: Any, lazydiff: Run, pictures: Pictures
) -> None:
    make, backend = FAMILIES[family]
    files = repository(make)
    with hub(files):
        answer = lazydiff("models", "download", MODEL, "--yes", "--json")
    assert answer.code == 0, answer.err
    folder = Path(answer.document["path"])
    here = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert not [name for name in here if "/" not in name and name not in ROOT]
    assert here <= set(files)
    for part in {name.split("/")[0] for name in here if name.endswith(".safetensors")}:
        variants = {".fp16." in n for n in here if n.startswith(part) and n.endswith("tensors")}
        assert len(variants) == 1, "one precision of each part"
    info = lazydiff("models", "info", answer.document["name"], "--json").document
    assert (info["licence"], info["sale"]) == ("apache-2.0", "yes"), "as was told before"
    fill = [*pictures.fill[:-1], MODEL, "--device", "cpu", "--steps", "2", "--json"]
    filled = lazydiff(*fill)
    assert filled.code == 0, filled.err
    assert filled.document["backend"] == backend
    assert filled.document["pixels_changed_outside_mask"] == 0
    assert pictures.out.is_file()


def test_naming_a_hub_id_says_size_and_licence_before_it_downloads(
    repository: Any, hub: Any, lazydiff: Run, pictures: Pictures
) -> None:
    files = repository(layouts.pixart)
    fill = [*pictures.fill[:-1], MODEL, "--device", "cpu", "--steps", "1"]
    with hub(files, licence="openrail++"):
        outcome = lazydiff(*fill)
        assert outcome.code == 0, outcome.err
        assert "licence openrail++: you may sell what you paint, within its rules" in outcome.err
        assert "are free" in outcome.err
        assert lazydiff(*fill).err.count("licence") == 0, "it is here now"
    assert [model.source.split("@")[0] for model in default_registry().models()] == [MODEL]


def test_what_no_backend_runs_is_told_before_anything_comes(
    repository: Any, hub: Any, lazydiff: Run
) -> None:
    with hub({"model_index.json": b'{"_class_name": "SanaPipeline"}', "a.safetensors": b""}) as one:
        outcome = lazydiff("models", "download", MODEL, "--yes")
        assert (outcome.code, one.asked) == (2, [])
    assert "is a SanaPipeline, which LazyDiff does not run" in outcome.err
    modular = {"modular_model_index.json": b"{}", "transformer/a.safetensors": b""}
    with hub(modular):
        assert "modular pipeline" in lazydiff("models", "download", MODEL, "--yes").err


def test_a_checkpoint_without_its_text_encoder_is_told(
    repository: Any, hub: Any, lazydiff: Run
) -> None:
    """PixArt's DMD repository may hold what was trained alone."""
    files = repository(layouts.pixart)
    alone = {n: d for n, d in files.items() if not n.startswith(("text_encoder", "tokenizer"))}
    with hub(alone) as one:
        outcome = lazydiff("models", "download", MODEL, "--yes")
        assert (outcome.code, one.asked) == (2, [])
    assert "it has no text_encoder and no tokenizer" in outcome.err


def test_packages_that_lack_are_named_before_anything_comes(
    repository: Any, hub: Any, lazydiff: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lazydiff_core.model_store import needed_files

    monkeypatch.setattr(needed_files, "_is_there", lambda module: module != "sentencepiece")
    with hub(repository(layouts.pixart)) as one:
        outcome = lazydiff("models", "download", MODEL, "--yes")
        assert (outcome.code, one.asked) == (2, [])
    assert "needs sentencepiece to read prompts" in outcome.err
    with hub(repository(FAMILIES["klein"][0])):
        assert lazydiff("models", "download", MODEL, "--yes").code == 0


@pytest.mark.parametrize(
    ("method", "why"),
    [
        ("bitsandbytes", "install bitsandbytes first (pip install bitsandbytes)"),
        ("sdnq", "is quantised by sdnq: install sdnq first"),
        ("quanto", "is quantised by quanto: install optimum-quanto first"),
        ("nunchaku_lite", "is quantised by nunchaku_lite, which LazyDiff does not read"),
    ],
)
def test_weights_that_need_a_package_are_told_before_anything_comes(
    repository: Any,
    hub: Any,
    lazydiff: Run,
    tmp_path: Path,
    pictures: Pictures,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    why: str,
) -> None:
    """As unsloth's and Disty0's repositories of Z-Image and klein are."""
    monkeypatch.setattr(quantised_parts, "_is_there", lambda module: False)
    files = dict(repository(FAMILIES["klein"][0]))
    config = json.loads(files["transformer/config.json"])
    quantised = config | {"quantization_config": {"quant_method": method}}
    files["transformer/config.json"] = json.dumps(quantised).encode()
    with hub(files) as one:
        outcome = lazydiff("models", "download", MODEL, "--yes")
        assert outcome.code == 2
        assert not [name for name, _ in one.asked if name.endswith(".safetensors")]
    assert why in outcome.err
    for name, data in files.items():
        (tmp_path / "q" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "q" / name).write_bytes(data)
    outcome = lazydiff(*pictures.fill[:-1], tmp_path / "q", "--device", "cpu")
    assert (outcome.code, why in outcome.err) == (2, True)


def test_a_gated_model_asks_for_a_token_which_the_storage_never_sees(
    repository: Any, hub: Any, lazydiff: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = {"license": "other", "license_name": "flux-non-commercial-license"}
    with hub(repository(FAMILIES["klein-kv"][0]), card=terms) as one:
        one.token = "hf_good"
        for token in (None, "hf_other"):
            monkeypatch.setattr(huggingface_hub, "get_token", lambda token=token: token)
            outcome = lazydiff("models", "download", MODEL, "--yes")
            assert outcome.code == 2
            assert "wants to be asked first" in outcome.err
            assert f"{one.address}/{MODEL}" in outcome.err
            assert "hf_" not in outcome.err
        monkeypatch.setattr(huggingface_hub, "get_token", lambda: "hf_good")
        outcome = lazydiff("models", "download", MODEL, "--yes")
    assert outcome.code == 0, outcome.err
    assert "flux-non-commercial-license: not for commercial use" in outcome.err


def test_half_a_download_is_no_model(repository: Any, hub: Any, lazydiff: Run) -> None:
    with hub(repository(layouts.sdxl_inpainting)) as one:
        one.breaks = True
        outcome = lazydiff("models", "download", MODEL, "--yes")
        assert outcome.code == 2
        assert "download the model again to resume" in outcome.err
        assert default_registry().models() == ()
        one.breaks = False
        assert lazydiff("models", "download", MODEL, "--yes").code == 0


def test_a_template_that_lacks_is_told_when_it_is_loaded(
    repository: Any, hub: Any, lazydiff: Run, pictures: Pictures
) -> None:
    with hub(repository(FAMILIES["klein"][0])):
        folder = Path(lazydiff("models", "download", MODEL, "--yes", "--json").document["path"])
    (folder / "tokenizer" / "chat_template.jinja").unlink()
    outcome = lazydiff(*pictures.fill[:-1], folder)
    assert outcome.code == 2
    assert "has no chat template" in outcome.err


def test_a_truncated_shard_is_told(
    repository: Any, hub: Any, lazydiff: Run, pictures: Pictures
) -> None:
    with hub(repository(layouts.pixart)):
        folder = Path(lazydiff("models", "download", MODEL, "--yes", "--json").document["path"])
    shard = next((folder / "text_encoder").glob("*-of-*.safetensors"))
    shard.write_bytes(shard.read_bytes()[:-100])
    outcome = lazydiff(*pictures.fill[:-1], folder)
    assert outcome.code == 2
    assert "not a readable safetensors file" in outcome.err
    index = next((folder / "text_encoder").glob("*.index.json"))
    index.write_text(json.dumps({"weight_map": {"a": "gone.safetensors"}}))
    assert "gone.safetensors is missing" in lazydiff(*pictures.fill[:-1], folder).err


def test_loras_from_the_command_line(
    repository: Any, hub: Any, lazydiff: Run, pictures: Pictures
) -> None:
    import torch
    from safetensors.torch import save_file

    with hub(repository(FAMILIES["klein"][0])):
        assert lazydiff("models", "download", MODEL, "--yes").code == 0
    layer = "transformer.transformer_blocks.0.attn.to_q"
    generator = torch.Generator().manual_seed(0)
    state = {
        f"{layer}.lora_{side}.weight": torch.randn(shape, generator=generator)
        for side, shape in (("A", (2, 32)), ("B", (32, 2)))
    }
    path = pictures.folder / "ink.safetensors"
    save_file(state, path)
    fill = [*pictures.fill[:-1], MODEL, "--device", "cpu", "--steps", "1"]
    painted = []
    for more in ([], ["--lora", f"{path}:2"], ["--lora", path, "--lora", f"{path}:-1"]):
        outcome = lazydiff(*fill, *more)
        assert outcome.code == 0, outcome.err
        painted.append(pictures.out.read_bytes())
    assert painted[0] != painted[1]
    other = lazydiff(*pictures.fill, "--lora", path)
    assert (other.code, other.out) == (2, "")
    assert "takes no LoRA" in other.err
    wrong = lazydiff(*fill, "--lora", f"{path}:99")
    assert (wrong.code, "must lie between" in wrong.err) == (2, True)


def test_instructions_and_pictures_from_the_command_line(
    repository: Any, hub: Any, lazydiff: Run, pictures: Pictures
) -> None:
    with hub(repository(FAMILIES["klein"][0])):
        assert lazydiff("models", "download", MODEL, "--yes").code == 0
    fill = [*pictures.fill[:-1], MODEL, "--device", "cpu", "--steps", "2", "--json"]
    other = pictures.image  # any picture will do
    painted = []
    for more in ([], ["--edit"], ["--edit", "--reference", other]):
        for way in ("cached_dit", "cached_dit_reference"):
            outcome = lazydiff(*fill, *more, "--backend", way)
            assert outcome.code == 0, outcome.err
            assert outcome.document["pixels_changed_outside_mask"] == 0
            painted.append(pictures.out.read_bytes())
    assert len(set(painted)) == len(painted)
    for more, sentence in (
        (["--edit"], "cannot follow an instruction"),
        (["--reference", other], "takes no reference pictures"),
    ):
        refused = lazydiff(*pictures.fill, *more)
        assert (refused.code, refused.out) == (2, "")
        assert sentence in refused.err
    missing = lazydiff(*fill, "--reference", pictures.folder / "gone.png")
    assert (missing.code, "gone.png" in missing.err) == (2, True)


def test_what_may_be_kept_is_measured_from_the_command_line(
    repository: Any, hub: Any, lazydiff: Run
) -> None:
    with hub(repository(FAMILIES["klein"][0])):
        assert lazydiff("models", "download", MODEL, "--yes").code == 0
    outcome = lazydiff("models", "measure", MODEL, "--device", "cpu", "--json")
    assert outcome.code == 0, outcome.err
    found = outcome.document
    assert found["mode"] in ("kept", "kept_by_prompt", "computed")
    assert min(found[name] for name in ("bank", "padding", "own")) > 0
    text = lazydiff("models", "measure", MODEL, "--device", "cpu").out
    assert text.startswith("Keeping the canvas changes a fill by 0.")
    refused = lazydiff("models", "measure", "gone")
    assert (refused.code, "no model 'gone'" in refused.err) == (2, True)
