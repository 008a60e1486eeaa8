from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from tests.packaging.loading import loaded

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def building() -> ModuleType:
    return loaded("build_packages.py")


def test_the_debian_package_needs_what_qt_needs(building: ModuleType) -> None:
    lines = building.control("1.2.3", 4567, "amd64").splitlines()
    fields = dict(line.split(": ", 1) for line in lines if not line.startswith(" "))
    assert (fields["Package"], fields["Version"]) == ("lazydiff", "1.2.3")
    assert (fields["Architecture"], fields["Installed-Size"]) == ("amd64", "4567")
    assert {"libegl1", "libxcb-cursor0"} <= set(fields["Depends"].split(", "))


def test_the_largest_parts_are_listed_first(building: ModuleType, tmp_path: Path) -> None:
    for name, size in (("_internal/torch/lib/a", 3), ("_internal/cv2/b", 2), ("lazydiff", 1)):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(size * 2**20))
    assert building.size_report(tmp_path).splitlines() == [
        "6 MiB in all",
        "    3.0 MiB  _internal/torch",
        "    2.0 MiB  _internal/cv2",
        "    1.0 MiB  lazydiff",
    ]


def test_all_that_the_debian_package_installs_is_there(building: ModuleType) -> None:
    files = dict(building._files_of_deb())
    assert all(path.is_file() for path in files)
    assert "usr/share/mime/packages/lazydiff.xml" in files.values()
