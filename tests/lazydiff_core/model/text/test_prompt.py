"""Batches of prompts, joined and changed as one."""

from __future__ import annotations

from dataclasses import replace

import torch

from lazydiff_core.model.text.prompt import Looks, Prompt, hide_styles, join_prompts


def some_prompt(length: int, looks: Looks | None = None) -> Prompt:
    mask = torch.ones(2, length, dtype=torch.bool)
    return Prompt(torch.randn(2, length, 384), mask, torch.randn(2, 384), looks)


def some_looks() -> Looks:
    return Looks(torch.randn(2, 3, 5, 12, 12), torch.rand(2, 3, 2) + 0.1, torch.rand(2, 3, 2, 4))


def test_joined_prompts_are_padded() -> None:
    short, long = some_prompt(2), some_prompt(5)
    for first, second in ((short, long), (long, short)):
        both = join_prompts(first, second)
        assert both.states.shape == (4, 5, 384)
        assert both.mask.sum(1).tolist() == [first.mask.shape[1]] * 2 + [second.mask.shape[1]] * 2
        length = second.mask.shape[1]
        assert torch.equal(both.states[2:, :length], second.states)
        assert not both.states[2:, length:].any()
        assert torch.equal(both.pooled, torch.cat([first.pooled, second.pooled]))
        assert both.looks is None


def test_what_has_no_looks_gets_empty_ones_beside_what_has() -> None:
    known, plain = some_prompt(2, some_looks()), some_prompt(3)
    assert known.looks is not None
    for first, second, at in ((known, plain, slice(0, 2)), (plain, known, slice(2, 4))):
        looks = join_prompts(first, second).looks
        assert looks is not None
        assert torch.equal(looks.fields[at], known.looks.fields)
        assert torch.equal(looks.extents[at], known.looks.extents)
        assert looks.fields.count_nonzero() == known.looks.fields.count_nonzero()
        assert looks.extents.count_nonzero() == known.looks.extents.count_nonzero()


def test_a_change_is_made_to_every_part() -> None:
    prompt = some_prompt(2, some_looks())
    turned = prompt.map(lambda part: part.flip(0))
    assert turned.looks is not None
    assert prompt.looks is not None
    assert torch.equal(turned.states[0], prompt.states[1])
    assert torch.equal(turned.pooled[0], prompt.pooled[1])
    assert torch.equal(turned.looks.fields[0], prompt.looks.fields[1])
    assert torch.equal(turned.looks.extents[0], prompt.looks.extents[1])
    assert replace(prompt, looks=None).map(lambda part: part).looks is None


def test_styles_are_hidden() -> None:
    prompt = some_prompt(2, some_looks())
    hidden = torch.tensor([[True, False, False], [False, False, True]])
    seen = hide_styles(prompt, hidden)
    assert seen.looks is not None
    assert prompt.looks is not None
    for sample, style in torch.cartesian_prod(torch.arange(2), torch.arange(3)).tolist():
        for ours, theirs in (
            (seen.looks.fields, prompt.looks.fields),
            (seen.looks.extents, prompt.looks.extents),
        ):
            expected = theirs[sample, style] * (not hidden[sample, style])
            assert torch.equal(ours[sample, style], expected)
    assert torch.equal(seen.mask, prompt.mask)
    assert hide_styles(some_prompt(2), hidden).looks is None
