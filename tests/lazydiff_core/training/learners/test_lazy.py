from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from lazydiff_core.model.files.config import baseline
from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.training import packing
from lazydiff_core.training.batches import Batch, BatchMaker
from lazydiff_core.training.learner import Moment
from lazydiff_core.training.learners.lazy import LazyLearner, Painting
from lazydiff_core.training.packing import nested_works, packs
from lazydiff_core.training.recipe import Recipe
from lazydiff_core.training.samples import Sample, read_sample
from tests.lazydiff_core.model.doubles import replace_flash_kernel
from tests.lazydiff_core.training.drawn import drawn_sample

RECIPE = Recipe(draws=2, ragged="packed")
CPU = torch.device("cpu")
MakeMaker = Callable[..., BatchMaker]


def samples_of(maker: BatchMaker, count: int = 3) -> list[Sample]:
    return [read_sample(str(k), drawn_sample(k), maker.config, seed=k) for k in range(count)]


def losses(maker: BatchMaker, recipe: Recipe, samples: list[Sample]) -> dict[str, float]:
    learner = LazyLearner(maker.checkpoint.lazy, recipe)
    return {
        name: value.item() for name, value in learner.loss(maker.batch(samples), Moment()).items()
    }


# --- batches -----------------------------------------------------------------------------------


def test_a_batch_holds_its_samples(make_maker: MakeMaker) -> None:
    maker = make_maker()
    samples = samples_of(maker)
    batch = maker.batch(samples)
    assert batch.lengths == tuple(len(sample.index) for sample in samples)
    assert len(set(batch.lengths)) > 1
    assert batch.valid_BN.sum(1).tolist() == list(batch.lengths)
    assert isinstance(batch.prompt, Prompt)
    for k, sample in enumerate(samples):
        n = batch.lengths[k]
        assert torch.equal(batch.index_BN[k, :n], sample.index)
        assert torch.equal(batch.mask[k, 0].bool(), sample.mask)
        assert sample.images is not None
        pixels = sample.images.float() / 127.5 - 1
        target = maker.autoencoder.encode(pixels[:1])[0]
        visible = maker.autoencoder.encode(pixels[1:] * ~sample.mask)[0]
        assert torch.allclose(batch.target[k], target, atol=1e-5)
        assert torch.allclose(batch.visible[k], visible, atol=1e-5)
        alone = maker.batch([sample])
        assert torch.allclose(batch.clean(2)[k, :n], alone.clean(2)[0], atol=1e-5)


# --- the loss ----------------------------------------------------------------------------------


@pytest.mark.parametrize("objective", ["flow", "iddpm"])
def test_packed_padded_and_single_samples_have_equal_losses(
    make_maker: MakeMaker, objective: str
) -> None:
    maker = make_maker(objective=objective)
    samples = samples_of(maker, 4)
    packed = losses(maker, RECIPE, samples)
    padded = losses(maker, replace(RECIPE, ragged="padded"), samples)
    alone = [losses(maker, RECIPE, [sample]) for sample in samples]
    for name, value in packed.items():
        assert padded[name] == pytest.approx(value, rel=1e-5)
        assert sum(each[name] for each in alone) / 4 == pytest.approx(value, rel=1e-5)
    expected = {"velocity"} if objective == "flow" else {"noise", "variance"}
    assert set(packed) == expected


def test_packed_and_padded_have_equal_gradients(make_maker: MakeMaker) -> None:
    maker = make_maker(objective="iddpm", micro_conditions=True, width=48)
    batch = maker.batch(samples_of(maker))
    gradients = []
    for ragged in ("packed", "padded"):
        learner = LazyLearner(maker.checkpoint.lazy, replace(RECIPE, ragged=ragged))
        learner.zero_grad()
        sum(learner.loss(batch, Moment()).values()).backward()
        gradients.append([p.grad.clone() for p in learner.parameters() if p.grad is not None])
    assert len(gradients[0]) == len(list(maker.checkpoint.lazy.parameters()))
    for one, other in zip(*gradients, strict=True):
        assert torch.allclose(one, other, atol=1e-5 * float(one.abs().max() + 1))


def test_every_draw_has_a_time_of_its_own_on_one_context(
    make_maker: MakeMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker = make_maker()
    learner = LazyLearner(maker.checkpoint.lazy, replace(RECIPE, draws=4))
    batch = maker.batch(samples_of(maker, 2))
    encoded, times = [], []
    model = maker.checkpoint.lazy
    model.context_encoder.register_forward_hook(lambda *call: encoded.append(1))
    hook = model.decoder.register_forward_pre_hook(lambda _, given: times.append(given[1]))
    learner.loss(batch, Moment())
    hook.remove()
    assert len(encoded) == 1
    quarters = (torch.special.ndtr(torch.logit(times[0].double() / 1000)) * 4).floor()
    assert quarters.tolist() == [0, 1, 2, 3] * 2


def test_the_loss_of_a_blind_model(make_maker: MakeMaker) -> None:
    """A model that says zero has the mean square of noise - clean, each sample weighing alike."""
    maker = make_maker()
    for layer in (maker.checkpoint.lazy.decoder.out,):
        nn.init.zeros_(layer.weight)
        nn.init.zeros_(layer.bias)
    samples = samples_of(maker)
    found = losses(maker, replace(RECIPE, draws=60), samples)["velocity"]
    means = [float(maker.batch([s]).clean(2).square().mean()) for s in samples]
    assert found == pytest.approx(1 + sum(means) / 3, rel=0.03)


def test_prompts_are_dropped_by_their_share(make_maker: MakeMaker) -> None:
    maker = make_maker()
    batch = maker.batch(samples_of(maker))

    def gradient(share: float) -> Tensor:
        learner = LazyLearner(maker.checkpoint.lazy, replace(RECIPE, null_share=share))
        learner.zero_grad()
        sum(learner.loss(batch, Moment()).values()).backward()
        grad = maker.checkpoint.lazy.decoder.null_text.grad
        assert grad is not None
        return grad.clone()

    assert not gradient(0.0).any()
    assert gradient(1.0).any()


def test_the_share_of_dropped_prompts_is_the_recipes(make_maker: MakeMaker) -> None:
    maker = make_maker()
    batch = maker.batch(samples_of(maker))
    for share in (0.1, 0.5):
        learner = LazyLearner(maker.checkpoint.lazy, replace(RECIPE, null_share=share))
        often = [replace(batch, seeds=tuple(range(k, k + 3))) for k in range(0, 6000, 3)]
        dropped = torch.cat([learner._draw(one).dropped_B for one in often])
        assert float(dropped.float().mean()) == pytest.approx(share, abs=0.02)


def test_an_empty_caption_is_the_null_prompt_where_it_is_no_text(make_maker: MakeMaker) -> None:
    for empty_text in (True, False):
        maker = make_maker(empty_text=empty_text)
        batch = maker.batch(samples_of(maker, 4))
        assert batch.nameless_B.tolist() == [False, False, False, not empty_text]


def test_class_labels_in_the_place_of_text(make_maker: MakeMaker) -> None:
    maker = make_maker(classes=2, pooled_text=False)
    named = [
        replace(sample, caption=caption)
        for sample, caption in zip(samples_of(maker), ("dog", "class:0", ""), strict=True)
    ]
    batch = maker.batch(named)
    assert isinstance(batch.prompt, Tensor)
    assert batch.prompt.tolist() == [1, 0, 0]
    assert batch.nameless_B.tolist() == [False, False, True]
    learner = LazyLearner(maker.checkpoint.lazy, replace(RECIPE, null_share=0.0))
    sum(learner.loss(batch, Moment()).values()).backward()
    table = maker.checkpoint.lazy.decoder.class_table
    assert table is not None
    assert table.weight.grad is not None
    assert table.weight.grad.any(1).tolist() == [True, True]


@pytest.mark.parametrize("architecture", ["regenerate_image", "regenerate_crop"])
def test_the_baselines_learn_by_it(make_maker: MakeMaker, architecture: str) -> None:
    lazy = make_maker()
    config = baseline(lazy.config, architecture)
    maker = make_maker(**config.to_dict())
    batch = maker.batch(samples_of(maker, 2))
    learner = LazyLearner(maker.checkpoint.lazy, RECIPE)
    sum(learner.loss(batch, Moment()).values()).backward()
    assert all(p.grad is not None for p in learner.parameters())


# --- painting ----------------------------------------------------------------------------------


@pytest.mark.parametrize("objective", ["flow", "iddpm"])
def test_painting_gives_the_holes_tokens(make_maker: MakeMaker, objective: str) -> None:
    maker = make_maker(objective=objective)
    batch: Batch = maker.batch(samples_of(maker))
    learner = LazyLearner(maker.checkpoint.lazy, RECIPE)
    painted = learner.paint(batch, Painting(2, 2.0))
    assert [tuple(tokens.shape) for tokens in painted] == [(n, 16) for n in batch.lengths]
    again = learner.paint(maker.batch(samples_of(maker)[1:]), Painting(2, 2.0))
    assert torch.allclose(painted[1], again[0], atol=1e-4)
    assert not torch.equal(painted[0], learner.paint(batch, Painting(2, 1.0))[0])


def test_where_tokens_are_packed() -> None:
    assert packs("auto", CPU, 16)
    assert not packs("auto", torch.device("mps"), 16)
    assert packs("packed", torch.device("mps"), 16)
    assert not packs("padded", CPU, 16)


@pytest.mark.parametrize("works", [True, False])
def test_a_card_packs_where_it_has_a_kernel(monkeypatch: pytest.MonkeyPatch, works: bool) -> None:
    asked: list[tuple[object, ...]] = []

    def tried(*given: object) -> bool:
        asked.append(given)
        return works

    monkeypatch.setattr(packing, "nested_works", tried)
    card = torch.device("cuda")
    assert packs("auto", card, 72) is works
    monkeypatch.setattr(torch, "is_autocast_enabled", lambda kind: True)
    monkeypatch.setattr(torch, "get_autocast_dtype", lambda kind: torch.bfloat16)
    assert packs("auto", card, 72) is works
    assert packs("packed", card, 72)
    assert asked == [(card, 72, torch.float32), (card, 72, torch.bfloat16)]


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors:UserWarning")
def test_the_kernel_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fallback that PyTorch takes without one, here as on some cards, cannot be recomputed."""
    nested_works.cache_clear()
    assert not nested_works(CPU, 16, torch.float32)
    nested_works.cache_clear()
    calls = replace_flash_kernel(monkeypatch)
    assert nested_works(CPU, 16, torch.float32)
    assert len(calls) == 2
    nested_works.cache_clear()


def test_its_parameters_are_the_models(make_maker: MakeMaker, tmp_path: Path) -> None:
    model = make_maker().checkpoint.lazy
    learner = LazyLearner(model, RECIPE)
    assert learner.model is model
    assert len(list(learner.parameters())) == len(list(model.parameters()))


# --- many processes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"objective": "iddpm", "micro_conditions": True, "width": 48, "empty_text": False},
        {"classes": 2, "pooled_text": False},
        {"architecture": "regenerate_image"},
    ],
)
def test_every_weight_has_a_gradient_in_every_step(
    make_maker: MakeMaker, changes: dict[str, object]
) -> None:
    """DDP waits for all of them, `find_unused_parameters` being off; also if none is dropped."""
    maker = make_maker(**changes)
    captions = ("dog", "cat", "") if "classes" in changes else ("red disc", "a square", "")
    named = [
        replace(sample, caption=caption)
        for sample, caption in zip(samples_of(maker), captions, strict=True)
    ]
    for share in (0.0, 1.0):
        learner = LazyLearner(maker.checkpoint.lazy, replace(RECIPE, null_share=share))
        learner.zero_grad()
        sum(learner.loss(maker.batch(named), Moment()).values()).backward()
        assert [name for name, p in learner.named_parameters() if p.grad is None] == []


@pytest.mark.parametrize("architecture", ["lazydiffusion", "regenerate_image"])
def test_fsdp_finds_the_blocks(make_maker: MakeMaker, architecture: str) -> None:
    """accelerate's own choice of what is sharded one by one; it raises for names that are none."""
    from accelerate.utils import FullyShardedDataParallelPlugin
    from accelerate.utils.fsdp_utils import fsdp2_prepare_auto_wrap_policy

    learner = LazyLearner(make_maker(architecture=architecture).checkpoint.lazy, RECIPE)
    plugin = FullyShardedDataParallelPlugin(
        fsdp_version=2, auto_wrap_policy="transformer_based_wrap"
    )
    plugin.set_auto_wrap_policy(learner)
    chosen = fsdp2_prepare_auto_wrap_policy(plugin, learner)
    names = [type(module).__name__ for module in learner.modules() if chosen(module)]
    encoder = 2 if architecture == "lazydiffusion" else 0
    assert sorted(names) == ["DecoderBlock"] * 2 + ["EncoderBlock"] * encoder
