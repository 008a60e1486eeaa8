from __future__ import annotations

from pathlib import Path

import pytest

from lazydiff_core.model_store.model_card import ModelCard, read_card
from lazydiff_core.model_store.registry import bundled_models

FIELDS = 'license: mit\ntags:\n- painting\nattribution: "A. Painter: CC BY"\n'
CARD = f"---\n{FIELDS}---\n# license: none\n"


def test_the_fields_before_the_text(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(CARD)
    card = read_card(tmp_path)
    assert card == ModelCard("mit", "A. Painter: CC BY")
    assert card.sentence == (
        "licence mit: you may sell what you paint; to be named beside pictures: A. Painter: CC BY"
    )


def test_a_licence_of_its_owners_own_has_a_name(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: other\nlicense_name: flux-nc\n---\n")
    assert read_card(tmp_path) == ModelCard("flux-nc")


@pytest.mark.parametrize("text", ["", "# license: mit\n", "---\nlicense: mit\n", "\xff", None])
def test_what_states_nothing(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "README.md").write_bytes(text.encode("latin-1"))
    assert read_card(tmp_path) == ModelCard()
    assert read_card(tmp_path).sentence.endswith("read it before you sell what you paint")


def test_the_bundled_model_says_who_drew_its_pictures() -> None:
    (folder,) = bundled_models()
    card = read_card(folder)
    assert card.licence == "apache-2.0"
    assert "Twemoji" in card.attribution
    assert card.attribution.endswith("the style 'simple'")
    assert card.sentence.startswith("licence apache-2.0: you may sell what you paint; to be named")
