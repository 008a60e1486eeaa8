"""Pictures that a prompt refers to, the canvas among them, on a tiny random FLUX.2 [klein]."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import Flux2KleinKVPipeline, Flux2KleinPipeline
from PIL import Image
from torch import Tensor

from lazydiff_core.backends.cached_dit import reference_encoder
from lazydiff_core.backends.cached_dit.backend import CachedDit
from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings, MemoryBudget, Mode
from lazydiff_core.backends.cached_dit.family import Family, open_family
from lazydiff_core.backends.cached_dit.flux2 import Flux2
from lazydiff_core.backends.cached_dit.loading import load_reference
from lazydiff_core.backends.cached_dit.pipeline_reader import open_folder
from lazydiff_core.backends.protocols import ModelInput
from lazydiff_core.contract import RGB, EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import InputError, ModelError, OutOfMemoryError
from tests.lazydiff_core.backends.driving import denoise_params

CPU = torch.device("cpu")
HOLE = np.s_[10:30, 20:40]
MODES: tuple[Mode, ...] = ("bank", "refresh", "full", "reference")
MakeInput = Callable[..., ModelInput]
MakeRequest = Callable[..., EditRequest]


def noise(height: int, width: int, seed: int) -> RGB:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


@pytest.fixture(scope="module")
def kv_folder(klein_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = Path(shutil.copytree(klein_folder, tmp_path_factory.mktemp("pipelines") / "tiny-kv"))
    index = json.loads((copy / "model_index.json").read_text())
    index |= {"_class_name": "Flux2KleinKVPipeline", "is_distilled": True}
    (copy / "model_index.json").write_text(json.dumps(index))
    return copy


@pytest.fixture(scope="module")
def kv(kv_folder: Path) -> Family:
    return open_family(open_folder(kv_folder), CPU)


@pytest.fixture
def files(tmp_path: Path) -> str:
    """Two pictures, as the setting names them."""
    paths = [tmp_path / "robot.png", tmp_path / "hat.png"]
    for path, picture in zip(paths, (noise(64, 48, 5), noise(32, 64, 6)), strict=True):
        Image.fromarray(picture).save(path)
    return "\n".join(map(str, paths))


def backend(family: Family, mode: Mode = "bank", **changes: Any) -> CachedDit:
    changes = {"budget": MemoryBudget(10**9)} | changes
    return CachedDit(family, "tiny", CacheSettings(mode=mode, **changes))


def run(dit: CachedDit, context: Any, steps: int = 3, scale: float = 2.0, seed: int = 7) -> Tensor:
    params = denoise_params((seed,), steps, scale, "euler")
    text = dit.encode_prompt("red apple", "")
    return dit.denoise(context, text, params, lambda *_: None)


def their_picture(pipeline: Any, pictures: list[RGB], **how: Any) -> Tensor:
    pipeline.set_progress_bar_config(disable=True)
    pipeline.image_processor.check_image_input = lambda image: image  # takes none below 64 pixels
    return torch.from_numpy(
        pipeline(
            image=[Image.fromarray(picture) for picture in pictures],
            prompt="red apple",
            num_inference_steps=3,
            generator=torch.Generator().manual_seed(7),
            height=64,
            width=64,
            output_type="np",
            **how,
        ).images[0]
    )


@pytest.mark.parametrize("mode", MODES)
def test_a_hole_that_is_everything_is_the_pipeline_with_its_pictures(
    klein_folder: Path, flux2: Flux2, make_input: MakeInput, mode: Mode
) -> None:
    before, others = noise(64, 64, 1), (noise(64, 32, 2), noise(48, 64, 3))
    view = replace(make_input(None, 64), before=before, references=others)
    dit = backend(flux2, mode)
    context = dit.encode_context(view)
    ours = dit.decode(context, run(dit, context), 0)
    pipeline = Flux2KleinPipeline.from_pretrained(klein_folder)
    theirs = their_picture(pipeline, [before, *others], guidance_scale=2.0)
    assert abs(ours / 255 - theirs.numpy()).max() < 0.6 / 255
    plain = dit.encode_context(replace(view, before=None, references=()))
    assert not torch.allclose(run(dit, plain), run(dit, context), atol=1e-2)


@pytest.mark.parametrize("mode", MODES)
def test_weights_that_keep_references_are_their_own_pipeline(
    kv_folder: Path, kv: Family, make_input: MakeInput, mode: Mode
) -> None:
    """References attend to each other alone, at timestep 0: computed once, reused at each step."""
    before, others = noise(64, 64, 1), (noise(64, 32, 2),)
    view = replace(make_input(None, 64), before=before, references=others)
    dit = backend(kv, mode)
    context = dit.encode_context(view)
    ours = dit.decode(context, run(dit, context), 0)
    theirs = their_picture(Flux2KleinKVPipeline.from_pretrained(kv_folder), [before, *others])
    assert abs(ours / 255 - theirs.numpy()).max() < 0.6 / 255


@torch.inference_mode()
def test_only_the_hole_is_made_beside_a_reference(kv: Family, make_input: MakeInput) -> None:
    """What mode "reference" computes, by diffusers' own passes with kept keys."""
    before = noise(64, 64, 1)
    dit = backend(kv, "reference")
    context = dit.encode_context(replace(make_input(HOLE, 64), before=before))
    run(dit, context)
    assert context.once is not None
    assert context.references is not None
    x, places = torch.randn(1, len(context.canvas.hole_N), 16), context.canvas.hole_N
    t, text = torch.tensor(400.0), kv.encode_prompt("red apple")
    entry = context.once.keys()

    def kept(layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        keys, values = entry.layers[layer]
        return torch.cat([keys, key], 1), torch.cat([values, value], 1)

    ours = context.once.predict(x, places, t, text, lambda layer, key, value: (key, value))
    assert torch.equal(ours, kv.predict(x, places, t, text, kept))
    together = torch.cat([context.references.tokens, x], 1)
    joint = kv.predict(
        *(together, torch.cat([context.references.places, places]), t, text),
        lambda layer, key, value: (key, value),
    )[:, -len(places) :]
    assert not torch.allclose(ours, joint, atol=1e-3)  # it is no joint attention


def test_keys_of_a_reference_are_computed_once(
    flux2: Flux2, make_input: MakeInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    passes = flux2.predict_references

    def counted(x: Tensor, place: Tensor, attend: Any) -> None:
        calls.append(len(place))
        passes(x, place, attend)

    monkeypatch.setattr(flux2, "predict_references", counted)
    dit = backend(flux2, "reference")
    context = dit.encode_context(make_input(HOLE, 64))
    dit.prepare(context, lambda: False)
    visible = len(context.canvas.visible_N)
    assert calls == [visible]  # nothing of what the mask covers
    runs = [run(dit, context, steps, seed=seed) for steps, seed in ((3, 7), (3, 8), (2, 7))]
    assert calls == [visible]
    assert not torch.allclose(runs[0], runs[1], atol=1e-2)
    assert "The canvas is a reference, kept for all steps" in dit.notice(context)
    other = dit.encode_context(make_input(np.s_[40:60, 4:20], 64))
    run(dit, other)
    assert context.once is None  # one canvas keeps its keys
    assert torch.equal(run(dit, context), runs[0])


@pytest.mark.parametrize("mode", ["bank", "reference"])
def test_what_was_kept_ahead_changes_nothing(
    flux2: Flux2, make_input: MakeInput, mode: Mode
) -> None:
    view = replace(make_input(HOLE, 64), before=noise(64, 64, 1), references=(noise(32, 32, 2),))
    dit = backend(flux2, mode)
    fresh, ahead = dit.encode_context(view), dit.encode_context(view)
    expected = run(dit, fresh)
    dit.prepare(ahead, lambda: False)
    run(dit, ahead, steps=2)
    assert torch.equal(run(dit, ahead), expected)


def test_refreshing_at_every_step_is_computing_everything(
    flux2: Flux2, kv: Family, make_input: MakeInput
) -> None:
    view = replace(make_input(HOLE, 64), before=noise(64, 64, 1))
    for family in (flux2, kv):
        full, every, lazy = (
            run(dit, dit.encode_context(view))
            for dit in (
                backend(family, "full"),
                backend(family, "refresh", every=1),
                backend(family, "refresh", every=3),
            )
        )
        assert torch.allclose(full, every, atol=1e-5)
        assert not torch.allclose(full, lazy, atol=1e-3)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("causal", [False, True])
def test_an_instruction_stays_within_the_mask(
    flux2: Flux2, kv: Family, make_request: MakeRequest, mode: Mode, causal: bool
) -> None:
    engine = Engine(backend(kv if causal else flux2, mode))
    request = make_request((100, 90), (30, 20, 62, 51), steps=2, edit=True)
    one, again = engine.run(request), engine.run(request)
    assert one.pixels_changed_outside_mask == 0
    assert np.array_equal(one.image[~request.mask], request.image[~request.mask])
    assert not np.array_equal(one.image[request.mask], request.image[request.mask])
    assert np.array_equal(one.image, again.image)
    assert (one.context_reused, again.context_reused) == (False, True)


@pytest.mark.parametrize("mode", MODES)
def test_what_is_to_be_changed_is_seen(flux2: Flux2, make_input: MakeInput, mode: Mode) -> None:
    view = make_input(HOLE, 64)
    dit = backend(flux2, mode)
    befores = (view.image.copy() for _ in range(2))
    latents = []
    for seed, before in enumerate(befores):
        before[HOLE] = noise(20, 20, seed)
        latents.append(run(dit, dit.encode_context(replace(view, before=before))))
    assert not torch.allclose(*latents, atol=1e-4)


@pytest.mark.parametrize("mode", MODES)
def test_what_is_painted_anew_is_not_seen(
    flux2: Flux2, make_request: MakeRequest, mode: Mode
) -> None:
    request = make_request((64, 64), steps=2)
    image = request.image.copy()
    image[request.mask] = 9
    hidden = replace(request, image=image)
    one, other = (Engine(backend(flux2, mode)).run(given) for given in (request, hidden))
    part = one.box.slices
    assert np.array_equal(one.patches[0][request.mask[part]], other.patches[0][request.mask[part]])


@pytest.mark.parametrize("mode", ["bank", "refresh", "reference"])
def test_pictures_of_a_request(
    flux2: Flux2, make_request: MakeRequest, files: str, mode: Mode
) -> None:
    engine = Engine(backend(flux2, mode))
    robot, _, hat = files.partition("\n")
    given = ("", robot, f"{hat}\n{robot}", files, files)
    results = [engine.run(make_request((64, 64), steps=2, references=r)) for r in given]
    patches = [result.patches[0] for result in results]
    assert np.array_equal(patches[3], patches[4])
    assert len({patch.tobytes() for patch in patches[:4]}) == 4
    assert results[4].context_reused
    assert results[4].pixels_changed_outside_mask == 0
    Image.fromarray(noise(64, 64, 9)).save(robot)  # the same name, another picture
    assert not np.array_equal(
        engine.run(make_request((64, 64), steps=2, references=files)).patches[0], patches[4]
    )


def test_a_context_is_prepared_for_an_instruction(
    flux2: Flux2, make_request: MakeRequest, files: str
) -> None:
    engine = Engine(backend(flux2, "reference"))
    request = make_request((64, 64), steps=2, edit=True, references=files)
    assert engine.prepare(request.image, request.mask, edit=True, references=files)
    assert engine.run(request).context_reused
    assert engine.prepare(request.image, request.mask)  # another one for what to paint


def test_what_cannot_be_asked_for(
    flux2: Flux2, make_request: MakeRequest, files: str, tmp_path: Path
) -> None:
    engine, fake = Engine(backend(flux2)), Engine.load("fake")
    assert (engine.info.edits, engine.info.references) == (True, 3)
    assert (fake.info.edits, fake.info.references) == (False, 0)
    with pytest.raises(InputError, match="cannot follow an instruction"):
        fake.run(make_request((64, 64), edit=True))
    with pytest.raises(InputError, match="takes no reference pictures"):
        fake.run(make_request((64, 64), references=files))
    with pytest.raises(InputError, match="3 pictures at most, not to 4"):
        make_request((64, 64), references=f"{files}\n{files}")
    with pytest.raises(InputError, match="edit must be true or false"):
        make_request((64, 64), edit="yes")
    with pytest.raises(InputError, match=r"missing\.png"):
        engine.run(make_request((64, 64), references=str(tmp_path / "missing.png")))
    Image.fromarray(noise(200, 2, 1)).save(tmp_path / "line.png")
    with pytest.raises(InputError, match=r"line\.png \(2x200\) is too small or too narrow"):
        engine.run(make_request((64, 64), references=str(tmp_path / "line.png")))


def test_a_model_that_knows_no_references(dit_folder: Path, klein_folder: Path) -> None:
    with pytest.raises(ModelError, match="takes no reference pictures: use --backend cached_dit"):
        load_reference(str(dit_folder), "cpu")
    dit = load_reference(str(klein_folder), "cpu")
    assert dit.info.backend == "cached_dit_reference"
    assert "The canvas is a reference" in dit.info.notice


def test_no_room_for_a_reference(flux2: Flux2, make_input: MakeInput) -> None:
    view = replace(make_input(HOLE, 64), before=noise(64, 64, 1))
    short, full = backend(flux2, "reference", budget=MemoryBudget(10)), backend(flux2, "full")
    context = short.encode_context(view)
    assert torch.equal(run(short, context), run(full, full.encode_context(view)))
    assert short.notice(context).startswith("No room to keep the canvas.")


@pytest.mark.parametrize("causal", [False, True])
def test_memory_that_ends_while_references_are_computed(
    flux2: Flux2, kv: Family, make_input: MakeInput, monkeypatch: pytest.MonkeyPatch, causal: bool
) -> None:
    family = kv if causal else flux2

    def full(*_: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    dit, refreshing = backend(family, "reference"), backend(family, "refresh")
    view = replace(make_input(HOLE, 64), before=noise(64, 64, 1))
    expected = run(refreshing, refreshing.encode_context(view))
    context = dit.encode_context(view)
    monkeypatch.setattr(family, "predict_references", full)
    if causal:  # without those keys there is no way
        with pytest.raises(OutOfMemoryError):
            run(dit, context)
    else:
        assert torch.equal(run(dit, context), expected)
        assert dit.notice(context).startswith("Memory ran out")


@pytest.mark.parametrize("mode", ["bank", "reference"])
def test_pictures_that_find_no_room_are_told_before_anything_is_computed(
    flux2: Flux2, make_input: MakeInput, monkeypatch: pytest.MonkeyPatch, mode: Mode
) -> None:
    dit = backend(flux2, mode)
    view = make_input(HOLE, 64)
    first = dit.encode_context(view)
    run(dit, first)
    shown = replace(view, references=(noise(64, 64, 5),))
    alone = len(dit.encode_context(shown).references or ())
    tokens = alone if mode == "reference" else alone + 64
    needed = tokens * flux2.token_bytes * 1.15
    free = needed * 0.9
    monkeypatch.setattr(reference_encoder, "free_bytes", lambda device: free)
    with pytest.raises(OutOfMemoryError, match=r"^The pictures that the prompt refers to take 0"):
        dit.encode_context(shown)
    assert (first.kv_cache, first.once) == (None, None), "the last canvas's keys made room"
    free = needed * 1.1
    assert run(dit, dit.encode_context(shown)).isfinite().all()
