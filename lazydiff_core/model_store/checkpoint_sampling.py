"""How a checkpoint of Stable Diffusion has to be sampled, by what it says and holds.

A file brings no scheduler, and the one that its lender has may be for another kind of model. Makers
mark what departs from the usual by tensors without values or by metadata; Stable Diffusion 2 has a
weight that tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from lazydiff_core.errors import ModelError
from lazydiff_core.model_store.safetensors_header import Header

_MARK: Final = "v_pred"
_ZERO_SNR: Final = "ztsnr"
_SIGMAS: Final = ("edm_vpred.sigma_min", "edm_vpred.sigma_max")
_USUAL_SIGMAS: Final = (0.002, 120.0)  # of CosXL
_LATENTS: Final = "edm_mean"  # Playground 2.5
_SAID: Final = ("modelspec.prediction_type", "modelspec.predict_key")
_V_ARCHITECTURE: Final = "-768-v"  # end of modelspec.architecture
_SD2_WIDTH: Final = 1024
_SD2_TELLS: Final = "model.diffusion_model.output_blocks.11.1.transformer_blocks.0.norm1.bias"
_SD2_SPREAD: Final = 0.09  # above it, the model predicts velocity


@dataclass(frozen=True)
class Sampling:
    """What a U-Net was trained for.

    prediction: as schedulers of diffusers call it.
    zero_snr:   its last step is pure noise.
    sigmas:     least and most noise of a model with continuous levels; None = it has steps.
    """

    prediction: Literal["epsilon", "v_prediction"] = "epsilon"
    zero_snr: bool = False
    sigmas: tuple[float, float] | None = None


def sampling_of(header: Header, width: int, channels: int) -> Sampling:
    """By a checkpoint's header; width, channels: as in SingleFile.

    Raises ModelError for a model that diffusers cannot inpaint with.
    """
    shapes = header.shapes
    if _LATENTS in shapes:
        raise ModelError(
            f"{header.path.name} has latents of its own ({_LATENTS}), with which diffusers cannot "
            "inpaint: choose another checkpoint."
        )
    if _SIGMAS[1] in shapes:
        least, most = (
            float(found[0]) if (found := header.numbers(name)).size == 1 else usual
            for name, usual in zip(_SIGMAS, _USUAL_SIGMAS, strict=True)
        )
        return Sampling("v_prediction", sigmas=(least, most))
    if _predicts_velocity(header, width, channels):
        return Sampling("v_prediction", zero_snr=_ZERO_SNR in shapes)
    return Sampling()


def _predicts_velocity(header: Header, width: int, channels: int) -> bool:
    if _MARK in header.shapes:
        return True
    said = next((header.metadata[name] for name in _SAID if name in header.metadata), "")
    if said:
        return said.lower().startswith("v")
    if str(header.metadata.get("modelspec.architecture", "")).endswith(_V_ARCHITECTURE):
        return True
    if width != _SD2_WIDTH or channels != 4:
        return False
    tells = header.numbers(_SD2_TELLS)
    return tells.size > 1 and float(tells.std()) > _SD2_SPREAD


def scheduler_config(config: dict[str, Any], sampling: Sampling, zero_snr: bool) -> dict[str, Any]:
    """A lender's scheduler_config for a checkpoint.

    zero_snr: the lender's class knows noise whose last step is pure.
    """
    if sampling.sigmas is not None:
        least, most = sampling.sigmas
        return {
            "_class_name": "EDMEulerScheduler",
            "sigma_min": least,
            "sigma_max": most,
            "sigma_data": 1.0,
            "sigma_schedule": "exponential",
            "prediction_type": sampling.prediction,
        }
    made = config | {"prediction_type": sampling.prediction}
    if not sampling.zero_snr:
        return made | {"rescale_betas_zero_snr": False}
    kind = {} if zero_snr else {"_class_name": "EulerDiscreteScheduler"}
    return made | kind | {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
