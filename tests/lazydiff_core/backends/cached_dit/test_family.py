from __future__ import annotations

from typing import Any

import pytest
from diffusers import (
    DDIMScheduler,
    DDPMScheduler,
    DPMSolverMultistepScheduler,
    EulerDiscreteScheduler,
    FlowMatchEulerDiscreteScheduler,
    LCMScheduler,
)

from lazydiff_core.backends.cached_dit.family import samplers_of
from lazydiff_core.errors import ModelError


def config(kind: Any, **changes: Any) -> dict[str, Any]:
    return {**kind(**changes).config, "_class_name": kind.__name__}


DPM = config(DPMSolverMultistepScheduler)
DDIM = config(DDIMScheduler, clip_sample=False)
LCM, FLOW = config(LCMScheduler), config(FlowMatchEulerDiscreteScheduler)


def test_which_samplers_serve_a_checkpoint() -> None:
    assert samplers_of(DPM) == ("dpm++", "ddim")
    assert samplers_of(DDIM) == ("ddim", "dpm++")
    assert samplers_of(LCM) == ("lcm",)
    assert samplers_of(FLOW) == ("euler",)
    assert samplers_of(config(DDPMScheduler)) == ("ddpm", "dpm++", "ddim")
    assert samplers_of(config(EulerDiscreteScheduler)) == ("euler_discrete", "dpm++", "ddim")


@pytest.mark.parametrize(
    "wrong",
    [
        {"_class_name": "PNDMScheduler"},
        DPM | {"prediction_type": "v_prediction"},
        DPM | {"thresholding": True},
    ],
)
def test_schedulers_that_cannot(wrong: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="cannot drive hole tokens alone"):
        samplers_of(wrong)
