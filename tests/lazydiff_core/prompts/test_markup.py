from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazydiff_core.prompts.markup import Plain, choices_in, chosen, plain


def test_the_seed_chooses_and_neighbours_differ() -> None:
    prompt = "a {red|blue| light  green } {cat|dog}"
    assert choices_in(prompt) == 6
    texts = [chosen(prompt, 10 + k) for k in range(6)]
    assert len(set(texts)) == 6
    assert chosen(prompt, 0) == "a red cat"
    assert chosen(prompt, 2) == "a light green cat"
    assert chosen(prompt, 16) == texts[0]


def test_choices_inside_of_choices() -> None:
    texts = [chosen("{a {red|blue} cat|a dog}", seed) for seed in range(4)]
    assert texts == ["a red cat", "a blue cat", "a dog", "a dog"]


@pytest.mark.parametrize("prompt", ["a cat", "a {cat}", "{", "}|{", "a  b"])
def test_what_holds_no_choice_stays(prompt: str) -> None:
    assert chosen(prompt, 5) == prompt
    assert choices_in(prompt) == 1


@pytest.mark.parametrize(
    ("prompt", "text", "weighted", "extras"),
    [
        ("a (red:1.3) cat", "a red cat", ("(red:1.3)",), ()),
        ("a ((red)) [cat]", "a red cat", ("((red))", "[cat]"), ()),
        ("cat <lora:soft light:0.8>", "cat", (), ("<lora:soft light:0.8>",)),
        ("a cat (sitting)", "a cat (sitting)", (), ()),
        ("  two  spaces ", "  two  spaces ", (), ()),
    ],
)
def test_weights_and_loras(
    prompt: str, text: str, weighted: tuple[str, ...], extras: tuple[str, ...]
) -> None:
    assert plain(prompt) == Plain(text, weighted, extras)


@given(st.text(alphabet="{}|()[]<>:ab1 ", max_size=40), st.integers(0, 2**63 - 1))
def test_any_text_has_a_plain_form(prompt: str, seed: int) -> None:
    assert isinstance(plain(chosen(prompt, seed)).text, str)
