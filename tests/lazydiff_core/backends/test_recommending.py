from __future__ import annotations

from pathlib import Path

import pytest
import torch

from lazydiff_core.backends import recommending
from lazydiff_core.backends.recommending import flops_a_second, recommend
from lazydiff_core.errors import OutOfMemoryError
from lazydiff_core.model_store import ModelRegistry
from lazydiff_core.model_store.catalogue import QUALITIES, Offered, catalogue
from lazydiff_core.model_store.pipelines import BACKEND_OF

CPU = torch.device("cpu")


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A card of 8 GB; tests change its memory."""
    monkeypatch.setattr(recommending, "flops_a_second", lambda device: 20e12)
    monkeypatch.setattr(recommending, "half_of", lambda device, wide: torch.bfloat16)
    monkeypatch.setattr(recommending, "free_main_bytes", lambda: 32 * 10**9)
    monkeypatch.setattr(recommending, "free_bytes", lambda device: int(7.4e9))
    return monkeypatch


def ids(registry: ModelRegistry) -> dict[str, bool]:
    return {row.id: row.fits for row in recommend(torch.device("cuda"), registry)}


def test_what_fits_comes_first_and_of_that_the_best(
    card: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = recommend(torch.device("cuda"), ModelRegistry(tmp_path))
    small, large = (
        next(row for row in rows if row.id.endswith(name)) for name in ("klein-4B", "klein-9B")
    )
    assert "8 bits" in small.plan
    assert (small.sale, small.may_i_sell) == ("yes", "you may sell what you paint")
    assert (small.seconds, large.sale, large.gated) == (3.0, "no", True)
    assert [row.fits for row in rows] == sorted((row.fits for row in rows), reverse=True)
    quick = [row.quality for row in rows if row.fits and row.seconds <= 60]
    assert quick == sorted(quick, key=QUALITIES.index, reverse=True)
    assert "visit the card one after another" in large.plan
    assert large.seconds > 2 * small.seconds, "moving its layers takes its time"


def test_memory_decides(card: pytest.MonkeyPatch, tmp_path: Path) -> None:
    registry = ModelRegistry(tmp_path)
    card.setattr(recommending, "free_bytes", lambda device: 10**9)
    fitting = [name for name, fits in ids(registry).items() if fits]
    assert fitting == ["bundled"]
    card.setattr(recommending, "free_bytes", lambda device: 10**11)
    assert all(ids(registry).values())
    card.setattr(recommending, "free_bytes", lambda device: int(7.4e9))
    card.setattr(recommending, "free_main_bytes", lambda: 10**9)
    rows = {row.id: row for row in recommend(torch.device("cuda"), registry)}
    klein = rows["black-forest-labs/FLUX.2-klein-4B"]
    assert (klein.fits, "4.4 GB of main memory" in klein.plan) == (False, True)


def test_what_is_here_need_not_be_downloaded(card: pytest.MonkeyPatch, tmp_path: Path) -> None:
    registry, folder = ModelRegistry(tmp_path), tmp_path / "klein"
    folder.mkdir()
    (folder / "model_index.json").write_text("{}")
    registry.add(folder, "klein", "black-forest-labs/FLUX.2-klein-4B@abc")
    rows = {row.id: row for row in recommend(torch.device("cuda"), registry)}
    klein = rows["black-forest-labs/FLUX.2-klein-4B"]
    assert (klein.installed, klein.gb) == (True, 0)
    assert rows["bundled"].installed


def test_nothing_is_recommended_that_cannot_be_run() -> None:
    assert {model.kind for model in catalogue()} <= {"", *BACKEND_OF}


def test_a_device_is_timed() -> None:
    assert 1e8 < flops_a_second(CPU) < 1e14


CARDS = (4, 6, 8, 12, 16, 24)  # GB, of which 93% are free


def page_rows() -> list[str]:
    """The last table of docs/models.md: what the loader plans for each card."""
    rows = []
    for model in catalogue():
        plans = [plan_for(model, gigabytes) for gigabytes in CARDS]
        rows.append(f"| {model.title} | {' | '.join(plans)} |")
    return rows


def plan_for(model: Offered, gigabytes: int) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recommending, "half_of", lambda device, wide: torch.bfloat16)
        patch.setattr(recommending, "free_main_bytes", lambda: 32 * 10**9)
        try:
            fit = recommending._fitted(model, torch.device("cuda"), int(0.93 * gigabytes * 2**30))
        except OutOfMemoryError:
            return "-"
    words = {
        "resident": "whole", "eight_bit": "8 bits", "four_bit": "4 bits", "visits": "layers visit",
    }  # fmt: skip
    text = ", text visits" if fit.text_visits and fit.denoiser == "resident" else ""
    return f"{words[fit.denoiser]}{text}: {fit.peak / 1e9:.1f}"


def test_the_page_on_cards_says_what_the_loader_plans() -> None:
    page = Path(__file__).parents[3] / "docs" / "models.md"
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [row for row in page_rows() if row not in lines] == []


def test_the_page_on_cards_says_what_the_catalogue_does() -> None:
    text = (Path(__file__).parents[3] / "docs" / "models.md").read_text(encoding="utf-8")
    for model in catalogue():
        size = "here" if model.is_bundled else f"{model.gb:g} GB"
        assert f"| {model.title} | {model.quality} | {size} | {model.licence} |" in text
