"""Builds what is handed out, into dist/: wheel, plugins, one-folder program, .deb.

python packaging/build_packages.py [--only wheel|krita|gimp|frozen|deb]
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.system.libraries import ALWAYS, X11, packages_of
from app.system.licences import write_licences

ROOT = Path(__file__).resolve().parents[1]
LINUX = ROOT / "packaging" / "linux"
DIST, FROZEN = ROOT / "dist", ROOT / "dist" / "lazydiff"
LARGEST = 10


def wheel() -> None:
    """Wheel and source archive."""
    _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", DIST, ROOT)


def frozen() -> None:
    """The one-folder program, with everybody's licences; it tests itself."""
    spec = ROOT / "packaging" / "frozen" / "lazydiff.spec"
    work = ["--workpath", ROOT / "build" / "frozen", "--distpath", DIST]
    _run(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *work, spec)
    write_licences(FROZEN / "licences")
    print(size_report(FROZEN))
    _run(FROZEN / _program(), "self-test")


def krita() -> None:
    """The plugin for Krita, to be imported from this file."""
    _zip_plugin("krita")


def gimp() -> None:
    """The plugin for GIMP, to be unpacked into its folder of plugins."""
    _zip_plugin("gimp")


def _zip_plugin(program: str) -> None:
    plugin = ROOT / "packaging" / program
    with zipfile.ZipFile(DIST / f"lazydiff-{program}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(_all_files(plugin)):
            if path.suffix in (".py", ".desktop", ".html"):
                archive.write(path, path.relative_to(plugin))


def deb() -> None:
    """A Debian package of the one-folder program."""
    tree = ROOT / "build" / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    for source, place in _files_of_deb():
        target = tree / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
    shutil.copytree(FROZEN, tree / "opt" / "lazydiff", symlinks=True)
    (tree / "usr" / "bin").mkdir(parents=True)
    (tree / "usr" / "bin" / "lazydiff").symlink_to("/opt/lazydiff/lazydiff")
    (tree / "DEBIAN").mkdir()
    size = sum(path.stat().st_size for path in _all_files(tree)) // 1024
    (tree / "DEBIAN" / "control").write_text(control(version("lazydiff"), size, _architecture()))
    for path in (tree, *tree.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    name = DIST / f"lazydiff_{version('lazydiff')}_{_architecture()}.deb"
    _run("dpkg-deb", "--root-owner-group", "-Zzstd", "--build", tree, name)


def control(release: str, kilobytes: int, architecture: str) -> str:
    """The control file of the Debian package."""
    needs = ", ".join(packages_of(ALWAYS | X11))
    return (
        f"Package: lazydiff\nVersion: {release}\nArchitecture: {architecture}\n"
        "Section: graphics\nPriority: optional\n"
        "Maintainer: The LazyDiff authors <lazydiff@lists.invalid>\n"
        f"Installed-Size: {kilobytes}\nDepends: {needs}\n"
        "Description: painting program that generates only what is masked\n"
        " Brush a mask, type a prompt: that region is painted, and every other pixel stays.\n"
        " Works on the processor, without a graphics card or a network.\n"
    )


def size_report(folder: Path) -> str:
    """How large a folder is, and its largest parts."""
    sizes: dict[str, int] = {}
    for path in _all_files(folder):
        inside = path.relative_to(folder).parts
        part = "/".join(inside[:2]) if inside[0] == "_internal" else inside[0]
        sizes[part] = sizes.get(part, 0) + path.stat().st_size
    rows = sorted(sizes.items(), key=lambda row: -row[1])[:LARGEST]
    total = sum(sizes.values())
    return "\n".join(
        [f"{total / 2**20:.0f} MiB in all", *(f"{n / 2**20:7.1f} MiB  {part}" for part, n in rows)]
    )


def _files_of_deb() -> Iterator[tuple[Path, str]]:
    icon = ROOT / "resources" / "icons" / "lazydiff.svg"
    yield LINUX / "lazydiff.desktop", "usr/share/applications/lazydiff.desktop"
    metainfo = "org.lazydiff.LazyDiff.metainfo.xml"
    yield LINUX / metainfo, f"usr/share/metainfo/{metainfo}"
    yield icon, "usr/share/icons/hicolor/scalable/apps/lazydiff.svg"
    yield LINUX / "lazydiff-mime.xml", "usr/share/mime/packages/lazydiff.xml"
    yield LINUX / "lazydiff.thumbnailer", "usr/share/thumbnailers/lazydiff.thumbnailer"
    yield ROOT / "LICENSE", "usr/share/doc/lazydiff/copyright"


def _all_files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _program() -> str:
    return "lazydiff.exe" if sys.platform == "win32" else "lazydiff"


def _architecture() -> str:
    done = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def _run(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT)


PACKAGES: dict[str, Callable[[], None]] = {
    "wheel": wheel,
    "krita": krita,
    "gimp": gimp,
    "frozen": frozen,
    "deb": deb,
}


def main() -> None:
    """Build all packages, or the one that is named; .deb where there is dpkg-deb."""
    parser = argparse.ArgumentParser(description=__doc__, prog="build_packages.py")
    parser.add_argument("--only", choices=PACKAGES)
    only = parser.parse_args().only
    for name, build in PACKAGES.items():
        if only not in (None, name) or (name == "deb" and shutil.which("dpkg-deb") is None):
            continue
        build()


if __name__ == "__main__":
    main()
