"""`lazydiff bench`: what the commands print and write."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lazydiff_core.bench import (
    cached_cost,
    headline_run,
    memory,
    public_memory,
    public_models,
)
from lazydiff_core.bench import latency as timing
from lazydiff_core.bench.latency import LatencyPlan, LatencyRow
from lazydiff_core.bench.memory import MemoryPlan, Stage, Weights

# diffusers' DPM-Solver hands a tensor to numpy's constructor
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

Run = Callable[..., Any]


@pytest.fixture
def plans(
    monkeypatch: pytest.MonkeyPatch, tiny_folder: Path
) -> list[tuple[list[str], LatencyPlan]]:
    """Who is to race by what plan; nothing is timed."""
    asked: list[tuple[list[str], LatencyPlan]] = []

    def instead(candidates: list[Any], plan: LatencyPlan, say: Any) -> list[LatencyRow]:
        asked.append(([candidate.backend for candidate in candidates], plan))
        return [
            LatencyRow(c.backend, c.model, "cpu", plan.canvas, 0.1, 26, 4, {"total": 1.5}, False, 1)
            for c in candidates
        ]

    monkeypatch.setattr(timing, "measure_latency", instead)
    return asked


def test_latency(lazydiff: Run, plans: list[Any], tiny_folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    names = "lazydiffusion,regenerate_image"
    out = tmp_path / "report"
    arguments = ["--model", tiny_folder, "--backends", names, "--ratios", "5,50", "--out", out]
    outcome = lazydiff("bench", "latency", *arguments, "--json")
    assert outcome.code == 0, outcome.err
    rows = outcome.document
    assert [row["backend"] for row in rows] == names.split(",")
    wanted = {"backend", "model", "canvas", "mask_ratio", "steps", "seconds", "extrapolated"}
    assert wanted <= set(rows[0])
    assert json.loads((out / "latency.json").read_text()) == rows
    assert {path.suffix for path in out.iterdir()} == {".json", ".csv", ".html", ".png"}
    racing, plan = plans[0]
    assert racing == names.split(",")
    assert (plan.canvas, plan.grid, plan.ratios) == (64, 8, (0.05, 0.5))
    assert (plan.steps, plan.rounds, plan.max_steps) == (timing.STEPS, 3, None)


def test_latency_counted(lazydiff: Run, plans: list[Any]) -> None:
    arguments = ("bench", "latency", "--count", "--quick")
    document = lazydiff(*arguments, "--json").document
    assert [row["steps"] for row in document] == [4, 20, 50] * 3
    assert document[2]["times_fewer"] > document[0]["times_fewer"] > 1
    assert lazydiff(*arguments, "--ratios", "5").out.count("| 5% |") == 9
    assert plans == []  # nothing was timed


def test_latency_in_a_hurry(lazydiff: Run, plans: list[Any], tiny_folder: Path) -> None:
    outcome = lazydiff("bench", "latency", "--model", tiny_folder, "--quick")
    assert outcome.code == 0, outcome.err
    assert "lazydiffusion" in outcome.out
    racing, plan = plans[0]
    assert racing == ["lazydiffusion", "regenerate_image", "regenerate_crop"]
    assert (plan.rounds, plan.max_steps) == (1, 4)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--ratios", "0"), "not a number"),
        (("--backends", "magic"), "not timed here"),
        (("--rounds", "0"), "whole number"),
        (("--model", "nowhere"), "no model"),
    ],
)
def test_latency_of_nothing(
    lazydiff: Run, plans: list[Any], tiny_folder: Path, arguments: tuple[str, str], says: str
) -> None:
    outcome = lazydiff("bench", "latency", "--model", tiny_folder, *arguments)
    assert outcome.code == 2
    assert says in outcome.err
    assert plans == []


def test_latency_of_a_public_model(
    lazydiff: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With one block of each kind in place of all."""
    pytest.importorskip("matplotlib")
    small = public_models.z_image
    monkeypatch.setitem(public_models.PUBLIC_MODELS, "z-image", lambda blocks: small(1))
    monkeypatch.setattr(headline_run, "PaperStages", lambda: None)
    arguments = ("bench", "latency", "--config", "z-image", "--count", "--quick")
    outcome = lazydiff(*arguments, "--out", tmp_path / "report", "--json")
    assert outcome.code == 0, outcome.err
    rows = outcome.document
    assert [row["backend"] for row in rows[:2]] == ["whole_canvas", "crop_and_stitch"]
    assert {"canvas", "mask_ratio", "steps", "tokens", "flops", "bytes"} <= set(rows[0])
    assert rows[0]["flops"]["first_image"] > rows[0]["flops"]["next_variant"] > 0
    assert json.loads((tmp_path / "report" / "latency-z-image.json").read_text()) == rows
    assert (tmp_path / "report" / "latency-z-image.png").is_file()


def test_latency_of_a_public_model_without_room(
    lazydiff: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headline_run, "free_bytes", lambda device: 10**9)
    outcome = lazydiff("bench", "latency", "--config", "z-image", "--blocks", "1", "--quick")
    assert outcome.code == 2
    assert "--count" in outcome.err
    assert len(outcome.err.strip().splitlines()) == 1


def test_scaling(lazydiff: Run) -> None:
    outcome = lazydiff("bench", "scaling", "--model", "fake", "--quick", "--json")
    assert [row["canvas"] for row in outcome.document] == [512, 1024, 2048]
    assert all(row["backend"] == "fake" for row in outcome.document)
    text = lazydiff("bench", "scaling", "--model", "fake", "--quick").out
    assert "9.77% hole" in text


@pytest.mark.parametrize(("card", "verdict"), [("8", "fits"), ("2", "does not fit")])
def test_memory(lazydiff: Run, monkeypatch: pytest.MonkeyPatch, card: str, verdict: str) -> None:
    shares: list[float] = []

    def plan(config: Any, share: float) -> MemoryPlan:
        shares.append(share)
        parts = (Weights("decoder", 600_000_000, 1000),)
        return MemoryPlan(410, parts, 50_000, (Stage("denoise", 1_200_000_000, 10**9),))

    monkeypatch.setattr(memory, "plan_memory", plan)
    monkeypatch.setattr(public_memory, "plan_memory", plan)
    text = lazydiff("bench", "memory", "--mask", "25", "--card", card)
    assert f"2.95 GB: {verdict} a card of {card} GB" in text.out
    (row,) = lazydiff("bench", "memory", "--card", card, "--json").document
    assert (row["stage"], row["weights_gb"], row["peak_gb"]) == ("denoise", 1.2, 2.95)
    assert row["plan"].startswith("T5 stays")
    assert set(shares) == {0.25, 0.1}


def test_memory_of_a_public_model(lazydiff: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def rows(*given: object) -> list[public_memory.MemoryRow]:
        asked.append(given)
        return [public_memory.MemoryRow("decode", 4.5, 7.0, "All is well.")]

    monkeypatch.setattr(public_memory, "memory_rows", rows)
    document = lazydiff("bench", "memory", "--config", "z-image", "--json").document
    assert document == [
        {"stage": "decode", "weights_gb": 4.5, "peak_gb": 7.0, "plan": "All is well."}
    ]
    text = lazydiff("bench", "memory", "--config", "klein4b", "--card", "6", "--mask", "5").out
    assert text.endswith("All is well.\n7.00 GB: does not fit a card of 6 GB\n")
    lazydiff("bench", "memory", "--config", "klein4b", "--references", "2", "--reference-mode")
    assert asked == [
        ("z-image", 0.1, 12 * 10**9, 0, "bank"),
        ("klein4b", 0.05, 6 * 10**9, 0, "bank"),
        ("klein4b", 0.1, 8 * 10**9, 2, "reference"),
    ]


def test_cached(lazydiff: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    small = cached_cost.DitSizes(grid=8, width=16, heads=2, layers=1)
    for name in ("QUICK", "XL"):
        monkeypatch.setattr(cached_cost, name, small)
    arguments = ("bench", "cached", "--quick", "--mask", "25", "--steps", "2")
    document = lazydiff(*arguments, "--json").document
    assert {"timed", "counted"} <= set(document)
    for rows in document.values():
        assert [row["way"] for row in rows] == ["full", "refresh", "bank"]
        assert [row["full"] for row in rows] == [2, 1, 0]
    assert document["timed"][0]["seconds"] > 0
    assert document["counted"][0]["seconds"] is None
    assert lazydiff(*arguments, "--cpu-time").out.count("x less") == 6


def test_latents(lazydiff: Run, pixart_pipeline: Path) -> None:
    folder = pixart_pipeline / "vae"
    arguments = ("bench", "latents", "--vae", folder, "--side", "256", "--quick")
    document = lazydiff(*arguments, "--json").document
    assert [row["direction"] for row in document] == ["encode", "decode"] * 3
    assert "of 255 levels" in lazydiff(*arguments, "--cpu-time").out
    odd = lazydiff("bench", "latents", "--vae", pixart_pipeline)
    assert odd.code == 2
