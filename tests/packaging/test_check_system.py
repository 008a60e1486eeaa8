from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "packaging" / "check_system.py"


def _run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script after some preparation, without any installed package."""
    program = f"{code}\nimport runpy\nrunpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_complete_system_is_passed_in_silence() -> None:
    done = _run("")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_missing_libraries_are_one_line_with_the_command_to_install_them() -> None:
    done = _run(
        "import ctypes, sys\n"
        "sys.platform, load = 'linux', ctypes.CDLL\n"
        "def deny(name):\n"
        "    if 'xcb-cursor' in name or name == 'libEGL.so.1': raise OSError(name)\n"
        "    return load(name)\n"
        "ctypes.CDLL = deny"
    )

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "libEGL.so.1, libxcb-cursor.so.0" in done.stderr
    assert "`sudo apt-get install libegl1 libxcb-cursor0`" in done.stderr


def test_other_systems_bring_their_own_libraries() -> None:
    done = _run("import ctypes, sys; ctypes.CDLL = None; sys.platform = 'darwin'")

    assert (done.returncode, done.stderr) == (0, "")


def test_all_packages_can_be_listed() -> None:
    packages = _run("", "--packages").stdout.split()

    assert {"libegl1", "libxcb-cursor0", "libxkbcommon-x11-0"} <= set(packages)
    assert packages == sorted(set(packages))
