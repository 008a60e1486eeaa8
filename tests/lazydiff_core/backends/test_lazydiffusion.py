"""The lazy backend with tiny models: what each value holds and what stays the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from lazydiff_core.backends import lazydiffusion
from lazydiff_core.backends.lazy_context import LazyContext, LazyLatents
from lazydiff_core.backends.lazydiffusion import (
    LazyBackend,
    LazyText,
    load,
)
from lazydiff_core.backends.protocols import ModelInput
from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import Cancelled, ModelError, OutOfMemoryError
from lazydiff_core.images.colour_names import Colour
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder, AutoencoderConfig
from lazydiff_core.model.autoencoders.lazy_codec import DECODE_MARGIN
from lazydiff_core.model.checkpoint.checkpoint import Checkpoint
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.references.lexicon import STYLES
from lazydiff_core.model.references.reference_text_encoder import ReferenceTextEncoder, Subject
from lazydiff_core.model.references.variations import LEANING, PLAIN
from lazydiff_core.model.text.prompt import Told
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.sampling.sampler import Start
from tests.lazydiff_core.backends.driving import denoise_params
from tests.lazydiff_core.tiny import TINY_AUTOENCODER, polygon, tiny_lexicon

# diffusers' DPM-Solver does not know NumPy 2's `copy` yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

CPU = torch.device("cpu")


def nothing(step: int, steps: int, estimate: object) -> None: ...


def view(*holes: tuple[slice, slice], seed: int = 0) -> ModelInput:
    image = np.random.default_rng(seed).integers(0, 256, (64, 64, 3), np.uint8)
    mask = np.zeros((64, 64), bool)
    for hole in holes:
        mask[hole] = True
    return ModelInput(np.where(mask[..., None], np.uint8(127), image), mask)


HOLE = np.s_[10:35, 20:50]


def run(backend: LazyBackend, context: LazyContext, **changes: Any) -> Tensor:
    return made(backend, context, **changes).tokens


def made(backend: LazyBackend, context: LazyContext, **changes: Any) -> LazyLatents:
    params = denoise_params(
        **({"steps": 3, "guidance": 2.0, "sampler": backend.info.default_sampler} | changes)
    )
    return backend.denoise(context, backend.encode_prompt("red apple", ""), params, nothing)


@pytest.fixture(scope="module")
def still(tiny_checkpoint: Checkpoint, word_states: TextEncoder) -> LazyBackend:
    """A decoder whose output layers are at their initial zero: what goes in comes out."""
    lazy = LazyDiffusion(tiny_checkpoint.lazy.config).eval()
    return LazyBackend(dataclasses.replace(tiny_checkpoint, lazy=lazy), word_states, CPU)


@pytest.fixture(scope="module")
def paper(
    make_lazy: Callable[..., LazyDiffusion], tiny_checkpoint: Checkpoint, word_states: TextEncoder
) -> LazyBackend:
    """The paper's objective: noise and variance are predicted."""
    lazy = make_lazy(objective="iddpm", hole_frame=False, pooled_text=False, qk_norm=False)
    return LazyBackend(dataclasses.replace(tiny_checkpoint, lazy=lazy), word_states, CPU)


def test_tokens_of_the_hole(tiny_backend: LazyBackend) -> None:
    context = tiny_backend.encode_context(view(HOLE))
    tokens = tiny_backend.tokens(context)
    assert (tokens.canvas, tokens.hole) == (64, 4 * 5)  # 8-pixel tokens, partial ones count
    assert context.hole.index.tolist()[0][:5] == [10, 11, 12, 13, 14]
    assert context.visible.shape == (1, 4, 16, 16)


def test_a_decoded_picture_has_the_views_size(tiny_backend: LazyBackend) -> None:
    context = tiny_backend.encode_context(view(HOLE))
    picture = tiny_backend.decode(context, made(tiny_backend, context), 0)
    assert picture.shape == (64, 64, 3)
    assert picture.dtype == np.uint8
    assert picture.std() > 1


def test_far_from_the_hole_the_decoded_picture_is_the_canvas(tiny_backend: LazyBackend) -> None:
    """Only hole tokens are replaced in the latents of the visible canvas."""
    seen = view(np.s_[0:8, 0:8])
    context = tiny_backend.encode_context(seen)
    one = tiny_backend.decode(context, made(tiny_backend, context), 0)
    other = tiny_backend.decode(context, made(tiny_backend, context, seeds=(4,)), 0)
    assert (one[:8, :8] != other[:8, :8]).any()
    assert (one[40:, 40:] == other[40:, 40:]).all()


def test_a_place_keeps_its_noise_for_any_mask(still: LazyBackend) -> None:
    small, large = (
        still.encode_context(view(np.s_[8:32, 8:32])),
        still.encode_context(view(np.s_[8:56, 0:64])),
    )
    drawn = {}
    for context in (small, large):
        noise = run(still, context)[0]
        drawn[len(noise)] = dict(zip(context.hole.index[0].tolist(), noise, strict=True))
    of_small, of_large = drawn[9], drawn[48]
    assert all(torch.equal(noise, of_large[place]) for place, noise in of_small.items())
    flat = torch.stack(list(of_large.values())).flatten()
    assert flat.mean().abs() < 0.2
    assert flat.std() == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize("sampler", ["euler", "heun", "iddpm", "ddim", "dpm++"])
def test_samplers_are_deterministic_alone_and_in_a_batch(
    tiny_backend: LazyBackend, paper: LazyBackend, sampler: str
) -> None:
    backend = tiny_backend if sampler in tiny_backend.info.samplers else paper
    context = backend.encode_context(view(HOLE))
    together = run(backend, context, seeds=(3, 4, 5), sampler=sampler, steps=4)
    assert together.shape == (3, 20, 16)
    for k in range(3):
        alone = run(backend, context, seeds=(3 + k,), sampler=sampler, steps=4)
        assert torch.allclose(together[k], alone[0], atol=1e-4 * float(alone.abs().max()))
    again = run(backend, context, seeds=(3, 4, 5), sampler=sampler, steps=4)
    assert torch.equal(together, again)
    assert not torch.allclose(together[0], together[1])


def test_samplers_are_those_of_the_objective(tiny_backend: LazyBackend, paper: LazyBackend) -> None:
    assert tiny_backend.info.samplers == ("euler", "heun")
    assert paper.info.samplers == ("iddpm", "ddim", "dpm++")
    assert paper.info.default_sampler == "iddpm"


def test_the_context_counts(tiny_backend: LazyBackend) -> None:
    one, other = (tiny_backend.encode_context(view(HOLE, seed=seed)) for seed in (1, 2))
    assert not torch.allclose(run(tiny_backend, one), run(tiny_backend, other))


@pytest.fixture
def pictured(
    make_lazy: Callable[..., LazyDiffusion], tiny_checkpoint: Checkpoint, word_states: TextEncoder
) -> LazyBackend:
    """A model that is told what an apple looks like."""
    lexicon = tiny_lexicon({"red apple": "apple", "grass": "grass"}, channels=4)
    lazy = make_lazy(look_styles=len(STYLES))
    checkpoint = dataclasses.replace(tiny_checkpoint, lazy=lazy, lexicon=lexicon)
    return LazyBackend(checkpoint, ReferenceTextEncoder(word_states, lexicon), CPU)


def test_an_empty_prompt_is_told_how_a_pattern_goes_on(
    pictured: LazyBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The teller is shown the whole of it; what does not repeat is left to the model."""
    shown: list[Any] = []
    teller = pictured._teller
    assert teller is not None
    monkeypatch.setattr(teller, "picture", lambda picture: (shown.append(picture), told)[1])
    told = Told(torch.zeros(1, 5, 16, 16), torch.zeros(1, len(STYLES)))
    stripes = np.full((64, 64, 3), 230, np.uint8)
    stripes[:, np.arange(64) % 16 < 8] = (40, 60, 90)
    hidden = view(np.s_[20:34, 22:44]).mask
    for image in (stripes, view(seed=1).image):
        given = ModelInput(np.where(hidden[..., None], np.uint8(127), image), hidden)
        context = pictured.encode_context(given)
        text = pictured.encode_prompt("", "")
        params = denoise_params(sampler=pictured.info.default_sampler)
        pictured.denoise(context, text, params, nothing)
    (picture,) = shown
    assert np.abs(picture.astype(int) - stripes).max() <= 1


def test_the_noise_leans_towards_what_is_told(
    pictured: LazyBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a thing is told, and nowhere else; not where a sketch says what to start from."""
    context, text = pictured.encode_context(view(HOLE)), pictured.encode_prompt("red apple", "")
    begun: list[Tensor] = []
    cells = torch.ones(1, 5, 16, 16)
    cells[..., 8:] = 0
    told = Told(cells, torch.ones(1, len(STYLES)))
    monkeypatch.setattr(pictured._teller, "told", lambda *given: told)

    def start(noise: Tensor, *rest: Any) -> Start:
        begun.append(noise)
        return Start(noise, *rest)

    monkeypatch.setattr(lazydiffusion, "Start", start)
    sketch = np.zeros((64, 64, 4), np.float32)
    for hint, drawn in ((0.0, None), (0.5, None), (0.5, sketch)):
        monkeypatch.setattr(lazydiffusion, "HINT", hint)
        params = denoise_params(sampler=pictured.info.default_sampler, sketch=drawn)
        pictured.denoise(context, text, params, nothing)
    plain, leaning, sketched = begun
    moved = (leaning != plain).any(-1)
    assert moved.any()
    assert not moved.all()
    assert torch.equal(plain, sketched)


def test_each_seed_is_told_of_its_pose(pictured: LazyBackend) -> None:
    context, text = pictured.encode_context(view(HOLE)), pictured.encode_prompt("red apple", "")
    red = Subject("apple", colour=Colour("red"), poses=LEANING, native=True)
    assert text.subjects == (red,)
    params = denoise_params((6, 7, 8, 13), 2, 2.0, "euler")
    found = pictured.denoise(context, text, params, nothing).tokens
    for k, pose in enumerate((PLAIN, LEANING[1], LEANING[2], LEANING[1])):
        posed = LazyText(text.prompt, None, (Subject("apple", poses=(pose,)),))
        alone = dataclasses.replace(params, seeds=params.seeds[k : k + 1])
        wanted = pictured.denoise(context, posed, alone, nothing).tokens
        assert torch.allclose(found[k : k + 1], wanted, atol=1e-4)
    bare = pictured.denoise(context, LazyText(text.prompt, None), params, nothing).tokens
    assert not torch.allclose(found[0], bare[0], atol=1e-2)


def test_a_colour_changes_what_is_told(pictured: LazyBackend) -> None:
    context, params = pictured.encode_context(view(HOLE)), denoise_params((0,), 2, 1.0, "euler")
    prompt = pictured.encode_prompt("apple", "").prompt
    texts = [LazyText(prompt, None, (Subject("apple", colour=c),)) for c in (None, Colour("blue"))]
    found = [pictured.denoise(context, text, params, nothing).tokens for text in texts]
    assert not torch.allclose(*found, atol=1e-3)


def test_surfaces_are_told_as_well(pictured: LazyBackend) -> None:
    context, params = pictured.encode_context(view(HOLE)), denoise_params((0,), 2, 1.0, "euler")
    text = pictured.encode_prompt("grass", "")
    assert text.subjects == (Subject("", "grass"),)
    bare = LazyText(text.prompt, None)
    told, alone = (pictured.denoise(context, one, params, nothing).tokens for one in (text, bare))
    assert not torch.allclose(told, alone, atol=1e-2)


def test_what_a_prompt_is_understood_to_be(
    pictured: LazyBackend, tiny_backend: LazyBackend
) -> None:
    words, texts = Engine(pictured), Engine(tiny_backend)
    (part,) = words.understood("a green red apple")
    assert part.kind == "concept"
    assert [part.kind for part in words.understood("zorb")] == ["unknown"]
    assert words.understood("") == texts.understood(" ") == ()
    (text,) = texts.understood("anything")
    assert text.understood() == {"text": "anything", "kind": "text"}
    words.teach({"zorb": np.full((8, 8, 4), 255, np.uint8)})
    assert [part.kind for part in words.understood("zorb")] == ["taught"]


def test_a_word_taught_anew_is_posed_anew(pictured: LazyBackend) -> None:
    context, params = pictured.encode_context(view(HOLE)), denoise_params((1,), 2, 2.0, "euler")
    found = []
    for sides in (3, 4):
        pictured.teach({"zorb": polygon((200, 40, 40), sides)})
        text = pictured.encode_prompt("zorb", "")
        found.append(pictured.denoise(context, text, params, nothing).tokens)
    assert not torch.allclose(*found, atol=1e-3)


def test_a_sketch_shows_the_pose_itself(pictured: LazyBackend) -> None:
    context, text = pictured.encode_context(view(HOLE)), pictured.encode_prompt("red apple", "")
    sketch = np.zeros((64, 64, 4), np.float32)
    params = denoise_params((1,), 2, 2.0, "euler", 0.9, sketch)
    plain = LazyText(text.prompt, None, (Subject("apple"),))
    found = [pictured.denoise(context, told, params, nothing).tokens for told in (text, plain)]
    assert torch.equal(*found)


@pytest.mark.parametrize("prompt", ["", "nothing known"])
def test_what_names_nothing_known_is_text_alone(pictured: LazyBackend, prompt: str) -> None:
    assert pictured.encode_prompt(prompt, "").subjects == ()


def test_a_large_hole_without_a_prompt_is_told_its_surroundings(pictured: LazyBackend) -> None:
    """As they go on smoothly; there is nothing to be guided away from."""
    large, small = np.s_[8:64, 8:64], np.s_[8:30, 8:30]
    text = pictured.encode_prompt("", "")
    for hole, same in ((large, True), (small, False)):
        context = pictured.encode_context(view(hole))
        found = [
            pictured.denoise(context, text, params, nothing).tokens
            for params in (denoise_params((0,), 2, k, "euler") for k in (1.0, 3.0))
        ]
        assert torch.equal(*found) == same


def on_cream(hole: tuple[slice, slice]) -> ModelInput:
    mask = view(hole).mask
    return ModelInput(np.where(mask[..., None], 127, (243, 234, 214)).astype(np.uint8), mask)


def test_a_smooth_ground_goes_on_around_a_thing(pictured: LazyBackend) -> None:
    """What an untrained model paints there is noise."""
    hole, away = np.s_[8:56, 0:64], np.s_[8:56, 0:5]
    params, text = denoise_params((0,), 2, 1.0, "euler"), pictured.encode_prompt("red apple", "")
    context = pictured.encode_context(on_cream(hole))
    latents = pictured.denoise(context, text, params, nothing)
    (outline,) = latents.outlines
    assert outline is not None
    assert not outline[away].any()
    picture = pictured.decode(context, latents, 0)
    assert np.abs(picture[away].astype(int) - (243, 234, 214)).max() <= 1
    assert np.abs(picture[outline > 0.5].astype(int) - (243, 234, 214)).max() > 10
    bare = dataclasses.replace(latents, outlines=(None,))
    noisy = pictured.decode(context, bare, 0)
    assert np.abs(noisy[away].astype(int) - (243, 234, 214)).max() > 10


def test_a_smooth_ground_goes_on_without_a_prompt(pictured: LazyBackend) -> None:
    """By itself only; not beside a sketch, nor around a surface."""
    context, params = pictured.encode_context(on_cream(HOLE)), denoise_params((0,), 2, 1.0, "euler")
    nothing_said, grass = (pictured.encode_prompt(said, "") for said in ("", "grass"))
    latents = pictured.denoise(context, nothing_said, params, nothing)
    picture = pictured.decode(context, latents, 0)
    assert np.abs(picture[HOLE].astype(int) - (243, 234, 214)).max() <= 1
    sketched = dataclasses.replace(params, sketch=np.zeros((64, 64, 4), np.float32))
    for text, how in ((nothing_said, sketched), (grass, params)):
        assert pictured.denoise(context, text, how, nothing).outlines == (None,)


def test_a_horizon_goes_on_without_a_prompt(pictured: LazyBackend) -> None:
    """Though it is like itself a little further along, as patterns are."""
    hole = np.s_[20:44, 26:38]
    mask = view(hole).mask
    low = np.arange(64)[:, None, None] >= 30
    canvas = np.broadcast_to(np.where(low, (90, 160, 70), (200, 225, 245)), (64, 64, 3))
    hidden = np.where(mask[..., None], 127, canvas).astype(np.uint8)
    context = pictured.encode_context(ModelInput(hidden, mask))
    params, text = denoise_params((0,), 2, 1.0, "euler"), pictured.encode_prompt("", "")
    picture = pictured.decode(context, pictured.denoise(context, text, params, nothing), 0)
    off = np.abs(picture.astype(int) - canvas).max(axis=2)
    assert off[20:28, 26:38].max() <= 2
    assert off[33:44, 26:38].max() <= 2


def test_guidance_pushes_away_from_the_negative(tiny_backend: LazyBackend) -> None:
    context = tiny_backend.encode_context(view(HOLE))
    plain, against = (
        tiny_backend.encode_prompt("red apple", negative) for negative in ("", "green pear")
    )
    assert plain.negative is None
    assert against.negative is not None
    runs = [denoise_params((3,), 3, guidance, "euler") for guidance in (1.0, 3.0)]
    alike, apart = (
        torch.allclose(
            *(tiny_backend.denoise(context, t, params, nothing).tokens for t in (plain, against))
        )
        for params in runs
    )
    assert alike  # without guidance there is nothing to push away from
    assert not apart


def test_an_error_of_the_callback_stops_it(tiny_backend: LazyBackend) -> None:
    steps: list[int] = []

    def stop(step: int, of: int, estimate: LazyLatents) -> None:
        steps.append(step)
        if step == 2:
            raise Cancelled("stop")

    context = tiny_backend.encode_context(view(HOLE))
    params = denoise_params((3,), 5, 2.0, "euler")
    with pytest.raises(Cancelled):
        tiny_backend.denoise(context, tiny_backend.encode_prompt("", ""), params, stop)
    assert steps == [1, 2]


def test_out_of_memory_is_a_typed_error(
    tiny_backend: LazyBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> Tensor:
        raise torch.OutOfMemoryError("no room")

    context = tiny_backend.encode_context(view(HOLE))
    latents = made(tiny_backend, context)
    monkeypatch.setattr(tiny_backend.codec, "decode_box", full)
    with pytest.raises(OutOfMemoryError, match="smaller mask"):
        tiny_backend.decode(context, latents, 0)


# --- lazy latents ------------------------------------------------------------------------------


def test_a_remembered_canvas_changes_no_pixel(
    tiny_backend: LazyBackend,
    tiny_checkpoint: Checkpoint,
    word_states: TextEncoder,
    make_request: Callable[..., EditRequest],
) -> None:
    """Edit after edit, the lazy latents give what a backend without a memory gives."""
    image = make_request((64, 64)).image
    warm = Engine(LazyBackend(tiny_checkpoint, word_states, CPU))
    for hole in ((0, 0, 9, 9), (50, 48, 60, 60), (30, 30, 34, 40), (30, 30, 34, 40)):
        request = make_request((64, 64), hole, image=image, seed=hole[0])
        tiny_backend.codec.forget()
        cold = Engine(tiny_backend).run(request).image
        image = warm.run(request).image
        assert np.abs(image.astype(int) - cold).max() <= 1


def test_only_the_hole_and_some_pixels_around_it_are_decoded(tiny_backend: LazyBackend) -> None:
    margin = DECODE_MARGIN
    context = tiny_backend.encode_context(view(np.s_[0:8, 0:8]))
    picture = tiny_backend.decode(context, made(tiny_backend, context), 0)
    assert picture.shape == (64, 64, 3)
    full = tiny_backend.decode(
        dataclasses.replace(context, grid=np.ones_like(context.grid)),
        made(tiny_backend, context),
        0,
    )
    assert np.abs(picture[: 8 + margin, : 8 + margin].astype(int) - full[:40, :40]).max() <= 1
    assert not picture[8 + margin :].any()
    assert full[8 + margin :].any()


# --- sketches ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def colours(still: LazyBackend) -> LazyBackend:
    """Latents are the mean colours of 4x4 pixels, decoded as flat squares."""
    sizes = AutoencoderConfig(**TINY_AUTOENCODER)
    autoencoder = Autoencoder(sizes).eval()
    _, fold_in, _, _, deep_in, _, latent_out = autoencoder.encoder
    latent_in, _, deep_out, _, _, fold_out, _ = autoencoder.decoder
    with torch.no_grad():
        for p in autoencoder.parameters():
            p.zero_()
        for c in range(3):
            fold_in.weight[c, 4 * c : 4 * c + 4, 1, 1] = 0.25
            deep_in.weight[c, 4 * c : 4 * c + 4] = 0.25
            latent_out.weight[c, c] = latent_in.weight[c, c, 1, 1] = 1
            deep_out.weight[4 * c : 4 * c + 4, c] = 1
            fold_out.weight[4 * c : 4 * c + 4, c, 1, 1] = 1
    checkpoint = dataclasses.replace(still.checkpoint, autoencoder=autoencoder)
    return LazyBackend(checkpoint, still.text, CPU)


def test_a_faithful_sketch_keeps_its_colours(
    colours: LazyBackend, make_request: Callable[..., EditRequest]
) -> None:
    sketch = np.broadcast_to(np.array([240, 140, 20, 255], np.uint8), (64, 64, 4))
    request = make_request((64, 64), (16, 16, 48, 48), sketch=sketch, strength=0.01, blender="none")
    painted = Engine(colours).run(request).image[request.mask]
    assert abs(painted.mean(0) - (240, 140, 20)).max() < 3


def test_a_half_covering_sketch_lies_over_what_the_model_sees(colours: LazyBackend) -> None:
    context = colours.encode_context(view(np.s_[16:48, 16:48]))
    sketch = np.ones((64, 64, 4), np.float32)
    sketch[..., 3] = 0.5
    latents = run(colours, context, sketch=sketch, strength=0.0)
    # Blank is 0 in [-1,1]; half of white over it is 0.5.
    assert torch.allclose(latents[0].view(16, 4, 4)[..., :3], torch.tensor(0.5), atol=1e-4)


@pytest.mark.parametrize("strength", [0.25, 0.5, 0.75])
def test_strength_is_the_share_of_noise(colours: LazyBackend, strength: float) -> None:
    context = colours.encode_context(view(np.s_[16:48, 16:48]))
    sketch = np.ones((64, 64, 4), np.float32)
    noise = run(colours, context)[0].view(16, 4, 4)[..., :3]
    mixed = run(colours, context, sketch=sketch, strength=strength)[0].view(16, 4, 4)[..., :3]
    assert torch.allclose(mixed, (1 - strength) + strength * noise, atol=1e-4)


# --- loading -----------------------------------------------------------------------------------


def test_load_from_a_folder(tiny_folder: Path) -> None:
    backend = load(str(tiny_folder), "cpu")
    info = backend.info
    assert (info.model, info.backend, info.device) == ("tiny", "lazydiffusion", "cpu")
    assert (info.native_side, info.token_pixels) == (64, 8)
    assert (info.default_steps, info.default_guidance, info.concepts) == (4, 2.0, ("apple",))
    assert backend.encode_prompt("Red Apple ", "").prompt.states.shape[-1] == 384


def test_load_from_nowhere(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model"):
        load(str(tmp_path / "none"), None)


def test_an_empty_prompt_is_a_text_where_it_was_trained_as_one(tiny_backend: LazyBackend) -> None:
    text = tiny_backend.encode_prompt("", "")
    assert text.prompt is not None
    assert text.negative is None
