from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lazydiff_core.engine.engine import Engine
from lazydiff_core.evaluation.kit import Kit, ReferenceScores
from lazydiff_core.evaluation.report import (
    comparison,
    document,
    page,
    report_files,
    text_table,
)
from lazydiff_core.evaluation.score_pictures import fill_pictures, plain_name, sheets
from lazydiff_core.evaluation.scores.evaluate import Evaluation, evaluate
from lazydiff_core.evaluation.scores.task import Plan
from lazydiff_core.images.reading import read_image

REFERENCE = ReferenceScores(frechet=0.25, top1=0.875)
PLAN = Plan(
    concepts=2, heldout_scenes=1, grids=2, bare=1, again=1,
    surfaces=2, surface_holes=1, colours=2, things=2, groups=2,
)  # fmt: skip


@pytest.fixture(scope="module")
def evaluation(kit: Kit) -> Evaluation:
    return evaluate(Engine.load("fake"), kit, None, PLAN)


def test_the_document_is_flat_and_has_an_interval_for_every_score(evaluation: Evaluation) -> None:
    written = json.loads(json.dumps(document(evaluation, REFERENCE)))
    assert written["frechet_floor"] == 25
    assert written["judge_top1_ceiling"] == 0.875
    assert written["candidates"] == 3
    for name in ("judge_top1", "judge_top1_real", "heldout_top1", "frechet", "context_agreement"):
        assert isinstance(written[name], float)
        low, high = written["intervals"][name]
        assert low <= written[name] <= high
        assert written["trials"][name] >= 2


def test_the_page_defines_every_score_and_shows_the_sheets(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    written = report_files({"fake": evaluation}, REFERENCE, {"a": 1}, tmp_path)
    html = written[tmp_path / "report.html"].decode()
    for score in evaluation.scores:
        assert score.definition.title in html.replace("&#x27;", "'")
    sources = re.findall(r'src="([^"]+)"', html)
    assert sources
    for source in sources:
        assert written[tmp_path / source].startswith(b"\x89PNG")
    assert "25.00" in html
    assert "87.5%" in html
    assert json.loads(written[tmp_path / "report.json"]) == {"a": 1}


def test_equal_models_differ_by_nothing(evaluation: Evaluation) -> None:
    both = {"one": evaluation, "other": evaluation}
    compared = comparison(both, REFERENCE)
    assert compared["reference"] == "one"
    assert set(compared["models"]) == {"one", "other"}
    assert compared["differences"]["other"]["frechet"] == [0, 0, 0]
    html = page(both, REFERENCE)
    assert html.count("<svg") == len(evaluation.scores)
    assert "Comparison of one, other" in html


def test_names_are_escaped(evaluation: Evaluation) -> None:
    html = page({"<b>": evaluation}, REFERENCE)
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_the_text_has_a_line_a_score(evaluation: Evaluation) -> None:
    lines = text_table({"fake": evaluation}, REFERENCE).splitlines()
    assert len(lines) == len(evaluation.scores) + 3
    assert any(re.search(r"Concept accuracy +\d+\.\d % \[", line) for line in lines)


def test_every_fill_is_judged_right_or_wrong_on_some_sheet(evaluation: Evaluation) -> None:
    made = sheets(evaluation)
    assert {"held-out", "context", "no-prompt", "surfaces", "colours", "things"} < set(made)
    assert {"judged-right", "judged-wrong"} & set(made)


def test_fills_are_written_under_the_same_names_for_any_model(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    written = list(fill_pictures(evaluation, tmp_path))
    names = [path.name for path, _, _ in written]
    assert names[:2] == ["prompt-000.webp", "prompt-001.webp"]
    assert "bare-000.webp" in names
    assert names[-1] == "thing-001.webp"
    assert written[0][2] == "a disc"
    written[0][0].write_bytes(written[0][1])
    assert (read_image(written[0][0]) == evaluation.fills["prompt"][0].image).all()


@pytest.mark.parametrize(
    ("name", "plain"), [("runs/a b", "runs_a_b"), ("bundled", "bundled"), ("/", "model")]
)
def test_a_models_name_becomes_a_files(name: str, plain: str) -> None:
    assert plain_name(name) == plain
