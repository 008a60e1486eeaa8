"""The pictures that `fill`, `remove` and `extend` read and write."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path

from lazydiff_core.cli.progress_bar import progress_bar
from lazydiff_core.contract import Cover, EditRequest, EditResult, Mask, Pixels, Progress
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import TargetError
from lazydiff_core.images.masks import MaskRead, read_mask
from lazydiff_core.images.picture import Picture
from lazydiff_core.images.reading import check_same_size, read_picture
from lazydiff_core.images.writing import check_target, encode, is_exact, losses
from lazydiff_core.storage.safe_files import write_files


@dataclass(frozen=True, eq=False)
class Brought:
    """What the artist brought, and where the results go."""

    path: Path
    picture: Picture
    read: MaskRead
    targets: list[Path]
    says_generated: bool

    @property
    def pixels(self) -> Pixels:
        return self.picture.pixels

    @property
    def hole(self) -> Mask:
        return self.read.hole

    @property
    def cover(self) -> Cover | None:
        """None where the mask has hard edges."""
        return self.read.cover if self.read.is_soft else None

    @property
    def replaces_source(self) -> bool:
        """Whether a target is the picture that was read."""
        return any(_is_same(path, self.path) for path in self.targets)

    def write(self, result: EditResult, recipes: str = "") -> None:
        """Write all results, or none, and say what was read as the mask.

        A picture that was read and is replaced is kept as its backup.
        """
        contents = {
            path: encode(
                result.image_of(k),
                path,
                self.picture,
                recipes=recipes,
                generated=self.says_generated,
            )
            for k, path in enumerate(self.targets)
        }
        write_files(contents, backup=self.replaces_source)
        print(self.read.notice, file=sys.stderr)


def add_picture_arguments(parser: ArgumentParser, white: str) -> None:
    """The picture, its mask, and where the result goes. white: what the mask's white says."""
    add_file_arguments(parser)
    parser.add_argument(
        "--mask",
        metavar="M",
        type=Path,
        required=True,
        help=f"picture of the same size, white {white}; or one colour on nothing, or IN erased",
    )
    parser.add_argument(
        "--invert-mask", action="store_true", help="what the mask says is kept, the rest is changed"
    )


def add_file_arguments(parser: ArgumentParser) -> None:
    """The picture, and where the result goes."""
    parser.add_argument("image", metavar="IN", type=Path, help="the picture to change")
    parser.add_argument(
        "--out",
        metavar="OUT",
        type=Path,
        required=True,
        help="the result: .png, .webp and .tif keep every other pixel as it is, "
        ".jpg and .avif compress again",
    )
    parser.add_argument(
        "--no-source-type",
        action="store_true",
        help="do not write into the picture that parts of it were generated (IPTC)",
    )


def brought(args: Namespace) -> Brought:
    """Read picture and mask, and check the targets."""
    picture, read = read_picture(args.image), read_mask(args.mask)
    if args.invert_mask:
        read = read.inverted()
    check_same_size(picture.pixels, read.cover, "mask")
    return to_change(args, picture, read)


def to_change(args: Namespace, picture: Picture, read: MaskRead) -> Brought:
    """A picture with the mask of what is to change, the targets checked."""
    targets = targets_of(args.out, args.variants)
    for target in targets:
        check_target(target, picture.pixels)
        if picture.not_kept and _is_same(target, args.image):
            raise TargetError(
                f"{args.image.name} also holds {', '.join(picture.not_kept)}, which would be lost: "
                "choose another name for the result."
            )
    return Brought(args.image, picture, read, targets, not args.no_source_type)


def run(given: Brought, engine: Engine, request: EditRequest, label: str) -> EditResult:
    """Run the engine.

    What the result will not keep is said before anything is computed, once the request has passed
    its checks: bad input is one sentence.
    """
    notices = _notices(given)

    def tell() -> None:
        while notices:
            print(notices.pop(0), file=sys.stderr)

    with progress_bar(label) as show:

        def on_progress(progress: Progress) -> None:
            tell()
            show(progress)

        result = engine.run(request, on_progress)
    tell()
    return result


def targets_of(out: Path, variants: int) -> list[Path]:
    """The files that this many results are written to."""
    if variants == 1:
        return [out]
    return [out.with_name(f"{out.stem}-{k}{out.suffix}") for k in range(1, variants + 1)]


def _notices(given: Brought) -> list[str]:
    target = given.targets[0]
    lost = [*given.picture.not_kept, *losses(target, given.pixels, given.picture)]
    found: list[str] = []
    if lost:
        found.append(f"{target.name} will not keep: {'; '.join(lost)}.")
    if not is_exact(target):
        found.append(f"{target.name} is compressed again: its other pixels change slightly.")
    return found


def _is_same(target: Path, source: Path) -> bool:
    return target.exists() and source.exists() and target.samefile(source)
