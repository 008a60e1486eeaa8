from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.doctor import numbers, training_step
from lazydiff_core.doctor.check import CheckError
from lazydiff_core.model.network import transformer_layers
from lazydiff_core.model.network.segments import attend_nested, attend_within
from tests.lazydiff_core.model.doubles import replace_flash_kernel

CPU = torch.device("cpu")
nested = pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors:UserWarning")


def test_this_machine_computes_rightly() -> None:
    assert numbers.number_formats(CPU).startswith("float32")
    assert "plain" in numbers.attention_kernels(CPU)
    assert numbers.nested_attention(CPU).startswith("right")
    assert training_step.training_step(CPU).startswith("right")


def test_wrong_products_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    product = Tensor.__matmul__

    def wrong(a: Tensor, b: Tensor) -> Tensor:
        return product(a, b) * (1.1 if a.dtype == torch.float16 else 1)

    monkeypatch.setattr(Tensor, "__matmul__", wrong)
    with pytest.raises(CheckError, match="wrong in float16"):
        numbers.number_formats(CPU)


def test_a_wrong_kernel_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    attend = F.scaled_dot_product_attention

    def wrong(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return attend(q, k, v) + (0.1 if q.dtype == torch.float32 else 0)

    monkeypatch.setattr(F, "scaled_dot_product_attention", wrong)
    with pytest.raises(CheckError, match="The flash kernel gives wrong results"):
        numbers.attention_kernels(CPU)


@nested
def test_nested_attention_as_on_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the kernel, which is replaced: first by a right one, then by a wrong one."""
    calls = replace_flash_kernel(monkeypatch)
    monkeypatch.setattr(numbers, "attend_within", attend_nested)
    assert numbers.nested_attention(CPU).startswith("right")
    assert len(calls) == 4  # the CPU's own and the device's, each recomputed
    done: list[int] = []

    def wrong(*given: Any) -> Tensor:
        done.append(1)
        return attend_nested(*given) * (1 if len(done) <= 2 else 1.1)

    monkeypatch.setattr(numbers, "attend_within", wrong)
    with pytest.raises(CheckError, match="wrong by"):
        numbers.nested_attention(CPU)


@nested
def test_a_training_step_as_on_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = replace_flash_kernel(monkeypatch)
    steps: list[int] = []

    def on_card(q: Tensor, k: Tensor, v: Tensor, segments: Any) -> Tensor:
        steps.append(1)
        exact = len(steps) <= 8  # two blocks, to themselves and to the prompt, recomputed
        return (attend_within if exact else attend_nested)(q, k, v, segments)

    monkeypatch.setattr(transformer_layers, "attend_within", on_card)
    monkeypatch.setattr(training_step, "fast_dtype", lambda device: torch.float32)
    assert training_step.training_step(CPU).startswith("right in float32")
    assert len(calls) == 8

    def wrong(*given: Any) -> Tensor:
        return on_card(*given) * (1 if len(steps) <= 8 else 3)

    monkeypatch.setattr(transformer_layers, "attend_within", wrong)
    steps.clear()
    with pytest.raises(CheckError, match="on the CPU"):
        training_step.training_step(CPU)
