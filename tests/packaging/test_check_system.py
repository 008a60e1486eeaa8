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
    done = _run("import ctypes, sys; sys.platform = 'linux'; ctypes.CDLL = lambda name: None")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# Denies two libraries until `apt-get` was called, and notes what is run instead of running it.
SCENE = """
import ctypes, os, subprocess, shutil, sys
sys.platform, load, ran = 'linux', ctypes.CDLL, []
def deny(name):
    if 'xcb-cursor' in name or name == 'libEGL.so.1': raise OSError(name)
    return load(name)
ctypes.CDLL = deny
shutil.which = lambda name: {which}
os.geteuid = lambda: {user}
def run(command, **_):
    print(' '.join(command))
    ran.append(command)
    return subprocess.CompletedProcess(command, {code})
subprocess.run = run
"""


def test_root_has_missing_libraries_installed() -> None:
    done = _run(SCENE.format(which="name", user=0, code=0))
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert done.stdout.startswith("apt-get install -qq --no-install-recommends libegl1")
    assert "libxcb-cursor0" in done.stdout


def test_the_lists_of_packages_are_fetched_where_they_are_old() -> None:
    done = _run(SCENE.format(which="name", user=0, code="0 if len(ran) > 1 else 100"))
    assert done.returncode == 0
    assert [line.split()[1] for line in done.stdout.splitlines()] == [
        "install",
        "update",
        "install",
    ]


def test_sudo_is_used_where_it_asks_for_no_password() -> None:
    done = _run(SCENE.format(which="name", user=1000, code=0))
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "sudo -n true"
    assert done.stdout.splitlines()[1].startswith("sudo -n apt-get install")


def test_others_are_told_the_one_line() -> None:
    for which in ("None", "None if name == 'sudo' else name"):
        done = _run(SCENE.format(which=which, user=1000, code=0))
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.count("\n") == 1
        assert "`sudo apt-get install libegl1 libxcb-cursor0`" in done.stderr


def test_tests_need_no_libraries_of_x11() -> None:
    done = _run(SCENE.format(which="name", user=0, code=0), "--headless")
    assert "libegl1" in done.stdout
    assert "xcb" not in done.stdout


def test_other_systems_bring_their_own_libraries() -> None:
    done = _run("import ctypes, sys; ctypes.CDLL = None; sys.platform = 'darwin'")

    assert (done.returncode, done.stderr) == (0, "")


def test_all_packages_can_be_listed() -> None:
    packages = _run("", "--packages").stdout.split()

    assert {"libegl1", "libxcb-cursor0", "libxkbcommon-x11-0"} <= set(packages)
    assert packages == sorted(set(packages))
