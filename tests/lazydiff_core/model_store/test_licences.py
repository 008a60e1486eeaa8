from __future__ import annotations

import pytest

from lazydiff_core.model_store.licences import Sale, licence_sentence, sale_of


@pytest.mark.parametrize(
    ("licence", "sale"),
    [
        ("apache-2.0", "yes"),
        ("mit", "yes"),
        ("openrail++", "conditions"),
        ("creativeml-openrail-m", "conditions"),
        ("flux-non-commercial-license", "no"),
        ("FLUX Non Commercial License", "no"),
        ("cc-by-nc-4.0", "no"),
        ("qwen-research", "no"),
        ("other", "unknown"),
        ("", "unknown"),
    ],
)
def test_may_i_sell_what_i_paint(licence: str, sale: Sale) -> None:
    assert sale_of(licence) == sale


def test_it_is_said_in_one_line() -> None:
    assert licence_sentence("apache-2.0") == "licence apache-2.0: you may sell what you paint"
    assert licence_sentence("").startswith("licence not stated: read it")
