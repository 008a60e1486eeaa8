from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.device_faults import (
    give_device_memory_back,
    is_device_lost,
    is_out_of_memory,
    typed_faults,
)
from lazydiff_core.errors import DeviceLostError, ModelError, OutOfMemoryError


class FakeCudaError(RuntimeError):
    """Named as PyTorch's is."""


FakeCudaError.__name__ = "OutOfMemoryError"
NO_MEMORY = [
    MemoryError(),
    FakeCudaError("no room"),
    RuntimeError("CUDA error: out of memory"),
    RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"),
    RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory"),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate(handle)"),
]
LOST = [
    RuntimeError("CUDA error: device-side assert triggered"),
    RuntimeError("CUDA error: an illegal memory access was encountered"),
    RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"),
]
NEITHER = [
    RuntimeError("shapes do not fit"),
    ValueError("the word memory, or CUDA error, in something else"),
    ModelError("/models/CUDA error out of memory/config.json is missing."),
]


@pytest.mark.parametrize("error", NO_MEMORY, ids=str)
def test_what_running_out_of_memory_looks_like(error: Exception) -> None:
    assert is_out_of_memory(error)
    assert not is_device_lost(error)
    with pytest.raises(OutOfMemoryError, match="smaller mask"), typed_faults():
        raise error


@pytest.mark.parametrize("error", LOST, ids=str)
def test_what_a_lost_device_looks_like(error: Exception) -> None:
    assert is_device_lost(error)
    with pytest.raises(DeviceLostError, match="stopped working"), typed_faults():
        raise error


@pytest.mark.parametrize("error", NEITHER, ids=str)
def test_other_faults_stay_what_they_are(error: Exception) -> None:
    with pytest.raises(type(error)) as caught, typed_faults():
        raise error
    assert caught.value is error


def test_numpy_s_own() -> None:
    with pytest.raises(OutOfMemoryError), typed_faults():
        np.empty(2**60, np.uint8)


def test_opencv_s_own() -> None:
    import cv2

    with pytest.raises(OutOfMemoryError), typed_faults():
        raise cv2.error("OpenCV(4.10.0) alloc.cpp:73: error: (-4:Insufficient memory) Failed")


def test_pytorch_s_own() -> None:
    import torch

    with pytest.raises(OutOfMemoryError), typed_faults():
        torch.empty(2**46)


@pytest.mark.parametrize("has_card", [False, True])
def test_memory_is_given_back_where_there_is_a_card(
    monkeypatch: pytest.MonkeyPatch, has_card: bool
) -> None:
    import torch

    calls: list[str] = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: has_card)
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: calls.append("empty_cache"))
    give_device_memory_back()
    assert calls == ["empty_cache"] * has_card
