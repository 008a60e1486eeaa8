"""LoRAs on a loaded model, through diffusers' loaders and peft.

Whether a file fits is decided by its tensors, before the model is touched: diffusers leaves out
what it finds no place for.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from lazydiff_core.errors import ModelError
from lazydiff_core.lora_files import Lora
from lazydiff_core.model.files.weights import unreadable

State: TypeAlias = dict[str, Tensor]
_FACTOR: Final = re.compile(
    r"(?P<layer>.+?)(?:\.lora_linear_layer|\.lora)?\.(?:lora_)?(?P<side>A|B|down|up)\.weight"
)
_FIRST: Final = ("A", "down")
_PEFTS_START: Final = re.compile(r"^(?:base_model\.model\.|transformer\.)")
# Names in old files -> present ones.
_OLD_TEXT: Final = {
    ".to_q_lora": ".q_proj", ".to_k_lora": ".k_proj",
    ".to_v_lora": ".v_proj", ".to_out_lora": ".out_proj",
}  # fmt: skip
_OLD_UNET: Final = {
    ".processor.to_q_lora": ".to_q", ".processor.to_k_lora": ".to_k",
    ".processor.to_v_lora": ".to_v", ".processor.to_out_lora": ".to_out.0",
}  # fmt: skip
# What a converter raises for names that it does not know.
_ODD: Final = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


class LoraRack:
    """The LoRAs that are loaded into a model, and which of them count now.

    convert: a file's tensors, and its path -> names of diffusers, prefixed by the part ("unet.",
             "transformer.").
    parts:   prefix -> network.
    attach:  load converted tensors under a name.
    """

    def __init__(
        self,
        convert: Callable[[State, Path], State],
        parts: Mapping[str, nn.Module],
        attach: Callable[[State, str], None],
    ) -> None:
        self._convert, self._parts = convert, parts
        self._attach = attach
        self._layers = {prefix: dict(network.named_modules()) for prefix, network in parts.items()}
        self._names: dict[tuple[Path, int, int], str] = {}
        self._now: list[tuple[str, float]] = []

    def use(self, loras: tuple[Lora, ...]) -> bool:
        """Let these LoRAs count and no others; whether the model is another one than before.

        A file is read once, and again if it has changed. Raises ModelError for a file that is
        missing, damaged or made for another model; the model is then as it was.
        """
        wanted = [(self._loaded(lora.path), lora.weight) for lora in loras]
        if wanted == self._now:
            return False
        names, weights = [name for name, _ in wanted], [weight for _, weight in wanted]
        _weigh(self._parts.values(), names, weights)
        self._now = wanted
        return True

    def check(self, path: Path) -> None:
        """Raises ModelError for a file that is missing, damaged or made for another model."""
        if _key(path) not in self._names:
            self._read(path)

    def _loaded(self, path: Path) -> str:
        """The name under which a file is loaded."""
        key = _key(path)
        if key not in self._names:
            state = self._read(path)
            name = f"lora{len(self._names)}"
            with warnings.catch_warnings():
                # peft warns of every adapter behind the first one.
                warnings.filterwarnings("ignore", "Already found a `peft_config`", UserWarning)
                self._attach(state, name)
            self._names[key] = name
        return self._names[key]

    def _read(self, path: Path) -> State:
        """The converted tensors of a file that fits."""
        try:
            given = load_file(path)
        except (OSError, SafetensorError) as error:
            raise unreadable(path) from error
        try:
            state = self._convert(given, path)
        except _ODD as error:
            raise ModelError(f"{path.name} is a LoRA for another model.") from error
        factors = {name: found for name in state if (found := _FACTOR.fullmatch(name))}
        if not factors:
            raise ModelError(f"{path.name} is not a LoRA for this model: it changes none of it.")
        for name, found in factors.items():
            self._check(path, found["layer"], found["side"] in _FIRST, state[name])
        return state

    def _check(self, path: Path, name: str, first: bool, factor: Tensor) -> None:
        """Raise ModelError unless the model has the layer, in the size that this factor is for."""
        prefix, _, layer = name.partition(".")
        module = self._layers.get(prefix, {}).get(layer)
        sizes = _sizes(module)
        if len(sizes) >= 2:
            has = sizes[1] if first else sizes[0]
            needs = factor.shape[1] if first else factor.shape[0]
            if has == needs:
                return
            raise ModelError(
                f"{path.name} is a LoRA for another model: its {layer} is for {needs} values, this "
                f"one's has {has}."
            )
        raise ModelError(f"{path.name} is a LoRA for another model: this one has no {layer}.")


def _sizes(layer: nn.Module | None) -> tuple[int, ...]:
    """Of a layer's weights, out first; a linear layer's may be packed. Empty if it has none."""
    if isinstance(layer, nn.Linear):
        return layer.out_features, layer.in_features
    weight = getattr(layer, "weight", None)
    return tuple(weight.shape) if isinstance(weight, Tensor) else ()


def _key(path: Path) -> tuple[Path, int, int]:
    """What tells a file from an earlier one in its place; raises ModelError if there is none."""
    try:
        stat = path.stat()
    except OSError as error:
        raise ModelError(f"The LoRA {path} is missing.") from error
    return path, stat.st_size, stat.st_mtime_ns


def transformer_rack(
    transformer: Any, mixin: Any, device: torch.device, dtype: torch.dtype
) -> LoraRack:
    """The rack of a transformer of diffusers, with the mixin that knows its formats.

    device, dtype: of the computation, which may not be those of the weights.
    """
    parts = {"transformer": transformer}

    def attach(state: State, name: str) -> None:
        transformer.load_lora_adapter(state, prefix="transformer", adapter_name=name)
        for key, p in transformer.named_parameters():
            if f".{name}." in key:
                p.data = p.data.to(device, dtype)

    return LoraRack(lambda state, path: dict(mixin.lora_state_dict(state)), parts, attach)


def peft_rack(network: nn.Module, left_out: str) -> LoraRack:
    """The rack of a transformer for which diffusers has no loader: files as peft writes them.

    left_out: the start of layers' names that no file may change.
    """

    def convert(state: State, path: Path) -> State:
        plain = {_PEFTS_START.sub("", name): value for name, value in state.items()}
        if not all(_FACTOR.fullmatch(n) and not n.startswith(left_out) for n in plain):
            raise ValueError("it has tensors that are no factors, or of a layer that stays")
        named = _in_pefts_names(plain, network)
        scale = _scale_beside(path)
        return {
            f"transformer.{name}": value * scale(value.shape[1]) if ".lora_B." in name else value
            for name, value in named.items()
        }

    def attach(state: State, name: str) -> None:
        _inject(network, _below("transformer", state), name)

    return LoraRack(convert, {"transformer": network}, attach)


def _scale_beside(path: Path) -> Callable[[int], float]:
    """Rank -> scale, as peft's config beside a file says; without one, 1."""
    config = path.with_name("adapter_config.json")
    if not config.exists():
        return lambda rank: 1.0
    try:
        said = json.loads(config.read_text(encoding="utf-8"))
        alpha, rooted = float(said["lora_alpha"]), bool(said.get("use_rslora"))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ModelError(f"{config}, which belongs to the LoRA, cannot be read.") from error
    return lambda rank: alpha / (rank**0.5 if rooted else rank)


def pipeline_rack(pipeline: Any) -> LoraRack:
    """The rack of a Stable Diffusion pipeline."""
    names = ("unet", "text_encoder", "text_encoder_2")
    parts = {n: part for n in names if (part := getattr(pipeline, n, None)) is not None}

    def convert(state: State, path: Path) -> State:
        found, alphas = pipeline.lora_state_dict(state, unet_config=pipeline.unet.config)
        converted: State = {}
        for prefix, network in parts.items():
            own = _in_pefts_names(_below(prefix, found), network)
            own = _with_alphas(own, _below(prefix, alphas or {}), network)
            converted |= {f"{prefix}.{name}": value for name, value in own.items()}
        return converted

    def attach(state: State, name: str) -> None:
        for prefix, network in parts.items():
            if own := _below(prefix, state):
                _inject(network, own, name)

    return LoraRack(convert, parts, attach)


def _below(prefix: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What belongs to one part, by names without its prefix."""
    start = f"{prefix}."
    return {n.removeprefix(start): v for n, v in values.items() if n.startswith(start)}


def _in_pefts_names(state: State, network: nn.Module) -> State:
    """The tensors of one network, from any of diffusers' names to LAYER.lora_A|B.weight."""
    named: State = {}
    for name, value in state.items():
        found = _FACTOR.fullmatch(name)
        if found is None:
            named[name] = value
            continue
        side = "A" if found["side"] in _FIRST else "B"
        named[f"{_layer(found['layer'], network)}.lora_{side}.weight"] = value
    return named


def _layer(name: str, network: nn.Module) -> str:
    """The present name of a layer: old files have others for those of attention."""
    names = _OLD_UNET if hasattr(network, "down_blocks") else _OLD_TEXT
    for old, new in names.items():
        name = f"{name.removesuffix(old)}{new}" if name.endswith(old) else name
    # As transformers has it from version 5 on.
    return name if hasattr(network, "text_model") else name.removeprefix("text_model.")


def _with_alphas(state: State, alphas: Mapping[str, Any], network: nn.Module) -> State:
    """The factors with each layer's alpha, a scale in units of its rank, multiplied in."""
    scaled = dict(state)
    for key, alpha in alphas.items():
        layer = key.removesuffix(".alpha").split(".down.")[0].removesuffix(".lora_linear_layer")
        name = f"{_layer(layer, network)}.lora_B.weight"
        if name in scaled:
            scaled[name] = scaled[name] * (float(alpha) / scaled[name].shape[1])
    return scaled


def _inject(network: nn.Module, state: State, name: str) -> None:
    """Load factors into a network by peft: transformers' own loader does not find their places."""
    from peft import LoraConfig, inject_adapter_in_model, set_peft_model_state_dict

    ranks = {n.removesuffix(".lora_A.weight"): len(v) for n, v in state.items() if "lora_A" in n}
    rank = max(ranks.values())
    config = LoraConfig(
        r=rank, lora_alpha=rank, target_modules=list(ranks), rank_pattern=ranks, alpha_pattern=ranks
    )
    inject_adapter_in_model(config, network, adapter_name=name)
    set_peft_model_state_dict(network, state, adapter_name=name)
    like = next(network.parameters())
    for key, p in network.named_parameters():
        if f".{name}." in key:
            p.data = p.data.to(like)
            p.requires_grad_(False)


def _weigh(networks: Iterable[nn.Module], names: list[str], weights: list[float]) -> None:
    """Let these adapters count in the networks, where they have them; none = as they were."""
    from peft.tuners.tuners_utils import BaseTunerLayer

    for network in networks:
        tuned: list[Any] = [m for m in network.modules() if isinstance(m, BaseTunerLayer)]
        for layer in tuned:
            layer.enable_adapters(bool(names))
            if names:
                layer.set_adapter(names, inference_mode=True)
                for name, weight in zip(names, weights, strict=True):
                    layer.set_scale(name, weight)
