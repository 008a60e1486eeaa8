"""Memory and device faults, recognised by their messages, so that torch need not be imported."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from lazydiff_core.errors import DeviceLostError, LazyDiffError, OutOfMemoryError

# Phrases of PyTorch and OpenCV, for exceptions whose class says nothing about memory.
_NO_MEMORY = ("out of memory", "DefaultCPUAllocator", "ALLOC_FAILED", "Insufficient memory")
# After any of these every further call on the device fails as well.
_LOST = ("device-side assert", "CUDA error", "CUDNN_STATUS_", "CUBLAS_STATUS_", "HIP error")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether Python, numpy, OpenCV or PyTorch (on any device) ran out of memory."""
    named = any(kind.__name__ == "OutOfMemoryError" for kind in type(error).__mro__)
    return isinstance(error, MemoryError) or named or _says(error, _NO_MEMORY)


def is_device_lost(error: BaseException) -> bool:
    """Whether the device is unusable from now on, as after a failed assertion in a CUDA kernel."""
    return _says(error, _LOST) and not is_out_of_memory(error)


@contextmanager
def typed_faults() -> Iterator[None]:
    """Turn the libraries' memory and device errors into OutOfMemoryError and DeviceLostError."""
    try:
        yield
    except LazyDiffError:
        raise
    except Exception as error:
        if is_out_of_memory(error):
            raise OutOfMemoryError(
                "There is not enough memory: use a smaller mask or fewer variants, "
                "or close other programs."
            ) from error
        if is_device_lost(error):
            reason = str(error).splitlines()[0]
            raise DeviceLostError(f"The device stopped working ({reason}).") from error
        raise


def give_device_memory_back() -> None:
    """Release the memory that PyTorch's allocators cache; no effect without PyTorch."""
    torch = sys.modules.get("torch")
    if torch is None:
        return
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    if torch.xpu.is_available():
        torch.xpu.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()


def _says(error: BaseException, words: tuple[str, ...]) -> bool:
    # Only errors raised by native libraries: elsewhere these phrases may come from a path.
    said = str(error) if isinstance(error, RuntimeError) or _is_opencv(error) else ""
    return any(word in said for word in words)


def _is_opencv(error: BaseException) -> bool:
    return type(error).__module__ == "cv2"
