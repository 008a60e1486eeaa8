from __future__ import annotations

from dataclasses import replace

import numpy as np

from lazydiff_core.evaluation.kit import Kit
from lazydiff_core.evaluation.scores.task import QUICK, Setup
from lazydiff_core.evaluation.scores.unknown import UNKNOWN, unknown
from lazydiff_core.prompts.parts import Part, Vocabulary


def test_what_a_vocabulary_lacks_is_counted(kit: Kit) -> None:
    words = Vocabulary({"disc": "disc", "triangle": "triangle", "cat": "cat"})
    setup = Setup(kit, QUICK, np.ones(3, np.bool_), understood=words.parts)
    flagged, false = (s.estimate for s in unknown(setup).measure({}).scores)
    assert flagged.value == 1
    assert flagged.count == len(UNKNOWN) == 40
    assert false.value == 1 / 3  # "square" is not in it


def test_a_model_that_takes_everything_for_known_flags_nothing(kit: Kit) -> None:
    setup = Setup(kit, QUICK, np.ones(3, np.bool_))
    sure = replace(setup, understood=lambda prompt: (Part(prompt, "concept", "cat"),))
    assert [s.estimate.value for s in unknown(sure).measure({}).scores] == [0, 0]
    guessing = replace(setup, understood=lambda prompt: (Part(prompt, "nearest", "cat"),))
    assert [s.estimate.value for s in unknown(guessing).measure({}).scores] == [1, 1]


def test_a_model_that_reads_whole_texts_has_no_such_score(kit: Kit) -> None:
    setup = Setup(kit, QUICK, np.ones(3, np.bool_))
    assert not unknown(setup).measure({}).scores
