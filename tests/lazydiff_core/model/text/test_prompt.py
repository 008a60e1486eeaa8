"""Batches of prompts, joined and changed as one."""

from __future__ import annotations

from dataclasses import replace

import torch

from lazydiff_core.model.text.prompt import Prompt, Told, hide_told, join_prompts


def some_prompt(length: int, told: Told | None = None) -> Prompt:
    mask = torch.ones(2, length, dtype=torch.bool)
    return Prompt(torch.randn(2, length, 384), mask, torch.randn(2, 384), told)


def some_told() -> Told:
    return Told(torch.randn(2, 5, 12, 12), torch.eye(3)[:2])


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
        assert both.told is None


def test_what_is_text_alone_is_told_nothing_beside_what_is_told() -> None:
    known, plain = some_prompt(2, some_told()), some_prompt(3)
    assert known.told is not None
    for first, second, at in ((known, plain, slice(0, 2)), (plain, known, slice(2, 4))):
        told = join_prompts(first, second).told
        assert told is not None
        assert torch.equal(told.cells[at], known.told.cells)
        assert torch.equal(told.styles[at], known.told.styles)
        assert told.cells.count_nonzero() == known.told.cells.count_nonzero()
        assert told.styles.count_nonzero() == known.told.styles.count_nonzero()


def test_a_change_is_made_to_every_part() -> None:
    prompt = some_prompt(2, some_told())
    turned = prompt.map(lambda part: part.flip(0))
    assert turned.told is not None
    assert prompt.told is not None
    assert torch.equal(turned.states[0], prompt.states[1])
    assert torch.equal(turned.pooled[0], prompt.pooled[1])
    assert torch.equal(turned.told.cells[0], prompt.told.cells[1])
    assert torch.equal(turned.told.styles[0], prompt.told.styles[1])
    assert replace(prompt, told=None).map(lambda part: part).told is None


def test_some_prompts_are_left_to_their_text() -> None:
    prompt, hidden = some_prompt(2, some_told()), torch.tensor([True, False])
    seen = hide_told(prompt, hidden)
    assert seen.told is not None
    assert prompt.told is not None
    for ours, theirs in zip(seen.told.parts, prompt.told.parts, strict=True):
        assert not ours[0].any()
        assert torch.equal(ours[1], theirs[1])
    assert torch.equal(seen.mask, prompt.mask)
    assert hide_told(some_prompt(2), hidden).told is None
