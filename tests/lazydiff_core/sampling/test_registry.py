from __future__ import annotations

from lazydiff_core.sampling import SAMPLERS, samplers_for


def test_every_sampler_serves_one_objective() -> None:
    assert samplers_for("flow") + samplers_for("iddpm") == tuple(SAMPLERS)


def test_the_default_comes_first() -> None:
    assert samplers_for("flow")[0] == "euler"
    assert samplers_for("iddpm")[0] == "iddpm"
