"""Checks that need no torch: Python, packages, disk, hub."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from platformdirs import user_data_path

from lazydiff_core.doctor.check import CheckError
from lazydiff_core.offline import is_offline
from lazydiff_core.storage.safe_files import check_writable, make_folder

_LEAST_PYTHON = (3, 11)
_LEAST_DISK = 1e9


def python() -> str:
    """Version and system."""
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info < _LEAST_PYTHON:
        least = ".".join(map(str, _LEAST_PYTHON))
        raise CheckError(
            f"{found} is too old.", f"install Python {least} or newer and LazyDiff in it"
        )
    return found


def packages() -> str:
    """Whether the packages that LazyDiff needs are here, in versions that it allows."""
    from packaging.requirements import Requirement

    if getattr(sys, "frozen", False):
        return "packed with the program"
    try:
        asked = [Requirement(text) for text in metadata.requires("lazydiff") or []]
    except metadata.PackageNotFoundError as error:
        raise CheckError("LazyDiff itself is not installed.", "pip install .") from error
    needed = [one for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})]
    wrong = []
    for one in needed:
        version = _version(one.name)
        if version is None or not one.specifier.contains(version, prereleases=True):
            wrong.append((f"{one.name} {version or 'is missing'}", f"'{one.name}{one.specifier}'"))
    if wrong:
        listed, wanted = (", ".join(column) for column in zip(*wrong, strict=True))
        raise CheckError(f"Not as needed: {listed}.", f"pip install {wanted.replace(',', '')}")
    extra = "with" if _version("accelerate") and _version("webdataset") else "without"
    return f"all {len(needed)} in place, {extra} those for training"


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def disk() -> str:
    """Room where models, caches and pictures in the making lie."""
    free = {}
    for name, folder in (("models", _data()), ("temporary files", Path(tempfile.gettempdir()))):
        make_folder(folder)
        check_writable(folder / ".lazydiff-doctor")
        free[name] = shutil.disk_usage(folder).free
        if free[name] < _LEAST_DISK:
            raise CheckError(
                f"{folder} ({name}) has {free[name] / 1e9:.1f} GB left.",
                "lazydiff models list  # and remove one, or make room otherwise",
            )
    return ", ".join(f"{size / 1e9:.0f} GB for {name}" for name, size in free.items())


def _data() -> Path:
    return user_data_path("lazydiff", appauthor=False)


def hub() -> str:
    """Whether the model hub answers."""
    from huggingface_hub import constants, get_session

    if is_offline():
        raise CheckError("HF_HUB_OFFLINE=1 forbids asking it.", "unset HF_HUB_OFFLINE")
    try:
        answered = get_session().head(constants.ENDPOINT, timeout=5)
    except Exception as error:  # of the HTTP library, which changes with the hub library's version
        raise CheckError(
            f"{constants.ENDPOINT} does not answer ({type(error).__name__}).",
            f"curl -I {constants.ENDPOINT}  # and look at proxy and firewall: {_proxies()}",
        ) from error
    return f"{constants.ENDPOINT} answers ({answered.status_code})"


def _proxies() -> str:
    names = [name for name in os.environ if name.lower().endswith("_proxy")]
    return ", ".join(sorted(names)) or "no proxy is set"
