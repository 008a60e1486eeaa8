from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lazydiff_core.evaluation import approximation
from lazydiff_core.evaluation.scores import task
from lazydiff_core.evaluation.scores.task import Plan
from lazydiff_core.images.reading import read_image
from lazydiff_core.model.checkpoint.checkpoint import Checkpoint, save_checkpoint
from lazydiff_core.model.files.config import baseline
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from tests.lazydiff_core.cli.driving import Run


@pytest.fixture
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful of trials."""
    plan = Plan(
        concepts=2, heldout=2, heldout_scenes=1, grids=1, bare=1, pictures=1, again=1,
        surfaces=1, surface_holes=1, colours=1, things=1,
    )  # fmt: skip
    monkeypatch.setattr(task, "QUICK", plan)


@pytest.mark.usefixtures("_few")
def test_a_model_is_measured_and_its_report_written(lazydiff: Run, tmp_path: Path) -> None:
    out = tmp_path / "report"
    arguments = ("eval", "model", "--model", "fake", "--quick", "--out", out, "--fills")
    done = lazydiff(*arguments, "--json")
    assert done.code == 0, done.err
    for name in (
        "surface_coverage", "surface_worst", "rim", "variety", "colour_obeyed", "sharpness",
        "judge_top1", "judge_top1_real", "heldout_top1", "frechet", "context_agreement",
    ):  # fmt: skip
        assert isinstance(done.document[name], float)
    assert (out / "report.html").is_file()
    assert (out / "report.json").is_file()
    fills = sorted(path.name for path in (out / "fills" / "fake").iterdir())
    assert fills[0] == "bare-000.webp"
    assert "captions.json" in fills


@pytest.mark.usefixtures("_few")
def test_only_some_scores_are_measured(lazydiff: Run) -> None:
    arguments = ("eval", "model", "--model", "fake", "--quick", "--json")
    done = lazydiff(*arguments, "--only", "surfaces,colours")
    assert done.code == 0, done.err
    assert set(done.document["intervals"]) == {
        "surface_coverage", "surface_worst", "colour_obeyed",
    }  # fmt: skip
    odd = lazydiff(*arguments, "--only", "beauty")
    assert odd.code == 2
    assert "beauty" in odd.err


@pytest.mark.usefixtures("_few")
def test_models_are_compared_with_the_first(lazydiff: Run, tmp_path: Path) -> None:
    arguments = ("eval", "compare", "fake", "fake@fake", "--quick", "--out", tmp_path)
    done = lazydiff(*arguments, "--json")
    assert done.code == 0, done.err
    assert done.document["reference"] == "fake"
    assert done.document["differences"]["fake@fake"]["judge_top1"] == [0, 0, 0]
    assert "<svg" in (tmp_path / "report.html").read_text()


def test_nothing_to_compare_is_told(lazydiff: Run) -> None:
    for models in (("fake",), ("fake", "fake")):
        done = lazydiff("eval", "compare", *models)
        assert done.code == 2
        assert "at least two different" in done.err


def test_arguments_that_miss_another_are_told(lazydiff: Run, tmp_path: Path) -> None:
    assert "--out" in lazydiff("eval", "model", "--model", "fake", "--fills").err
    real = lazydiff("eval", "model", "--model", "fake", "--real", tmp_path)
    assert real.code == 2
    assert "--clip" in real.err
    kit = lazydiff("eval", "model", "--model", "fake", "--kit", tmp_path)
    assert kit.code == 2
    assert "kit" in kit.err


def test_a_sheet_of_every_concept(lazydiff: Run, tmp_path: Path) -> None:
    done = lazydiff(
        "eval", "sheet", "--model", "fake", "--concepts", "--out", tmp_path / "all.png", "--json"
    )
    assert done.code == 0, done.err
    assert done.document["prompts"] == ["disc"]
    assert done.document["pages"] == [str(tmp_path / "all-1.png")]
    assert read_image(tmp_path / "all-1.png").shape[1] > 1000


def test_a_sheet_of_masks_of_all_shapes(lazydiff: Run, tmp_path: Path) -> None:
    out = tmp_path / "shapes.png"
    done = lazydiff("eval", "sheet", "--model", "fake", "--shapes", "--out", out, "--json")
    assert done.code == 0, done.err
    assert len(done.document["prompts"]) == 60
    assert read_image(out).shape[0] > 6 * 128


def test_a_sheet_is_sampled_as_asked(lazydiff: Run, tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    done = lazydiff("eval", "sheet", "--model", "fake", "--sampler", "unheard-of", "--out", out)
    assert done.code == 2
    assert "unheard-of" in done.err
    assert not out.exists()


def test_pages_hold_so_many_fills(lazydiff: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from lazydiff_core.cli.lab import evaluate
    from lazydiff_core.evaluation.prompt_sheet import Fill

    monkeypatch.setattr(evaluate, "PAGE", 2)
    fills = [Fill(str(k), np.full((512, 512, 3), k, np.uint8), 0.1) for k in range(5)]
    pages = evaluate._pages(Path("x.png"), fills)
    assert [path.name for path in pages] == ["x-1.png", "x-2.png", "x-3.png"]
    drawn = [{int(v) for v in np.unique(page) if v < 5} for page in pages.values()]
    assert drawn == [{0, 1}, {2, 3}, {4}]


def test_a_lazy_model_is_compared_with_itself_in_full(
    lazydiff: Run,
    tiny_checkpoint: Checkpoint,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = baseline(tiny_checkpoint.lazy.config, "regenerate_image")
    image = replace(tiny_checkpoint, lazy=LazyDiffusion(config).eval(), concepts=())
    save_checkpoint(tmp_path / "image", image)
    ways = (approximation.WAYS[0], approximation.WAYS[3])
    monkeypatch.setattr(approximation, "WAYS", ways)
    sheet = tmp_path / "sheet.png"
    done = lazydiff("eval", "cached", tmp_path / "image", "--quick", "--out", sheet, "--json")
    assert done.code == 0, done.err
    assert [row["way"] for row in done.document] == ["full", "refresh 5"]
    assert done.document[0]["distance"]["value"] == 0
    assert read_image(sheet).shape[1] > 2 * 176
    odd = lazydiff("eval", "cached", tmp_path)
    assert odd.code == 2
    assert "not a diffusers pipeline" in odd.err
