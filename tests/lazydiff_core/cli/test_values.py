from __future__ import annotations

from argparse import ArgumentTypeError

import pytest

from lazydiff_core.cli.values import number, whole_number


def test_both_ends_of_a_range_are_in_it() -> None:
    assert [whole_number(1, 9)(text) for text in ("1", "9")] == [1, 9]
    assert [number(0, 1)(text) for text in ("0", "0.5", "1")] == [0.0, 0.5, 1.0]


@pytest.mark.parametrize("text", ["0", "10", "1.5", "", "one"])
def test_what_is_no_whole_number_in_range_is_quoted(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match=f"'{text}' is not a whole number from 1 to 9"):
        whole_number(1, 9)(text)


@pytest.mark.parametrize("text", ["-0.1", "1.1", "nan", "inf", "", "half"])
def test_what_is_no_number_in_range_is_quoted(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match=f"'{text}' is not a number from 0 to 1"):
        number(0, 1)(text)
