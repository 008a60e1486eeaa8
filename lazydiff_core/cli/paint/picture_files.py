"""The pictures that `fill` and `remove` read and write."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path

from lazydiff_core.contract import Cover, EditResult, Mask, Pixels
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

    def write(self, result: EditResult, recipes: str = "") -> None:
        """Write all results, or none. A picture that was read and is replaced is kept as `~`."""
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
        write_files(contents, backup=any(_is_same(path, self.path) for path in self.targets))


def add_picture_arguments(parser: ArgumentParser, white: str) -> None:
    """white: what the mask's white says."""
    parser.add_argument("image", metavar="IN", type=Path, help="the picture to change")
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
    """Read picture and mask, check the targets, and say what will not be kept."""
    picture, read = read_picture(args.image), read_mask(args.mask)
    if args.invert_mask:
        read = read.inverted()
    check_same_size(picture.pixels, read.cover, "mask")
    targets = targets_of(args.out, args.variants)
    found = Brought(args.image, picture, read, targets, not args.no_source_type)
    print(read.notice, file=sys.stderr)
    for target in targets:
        check_target(target, picture.pixels)
        if picture.not_kept and _is_same(target, args.image):
            raise TargetError(
                f"{args.image.name} also holds {', '.join(picture.not_kept)}, which would be lost: "
                "choose another name for the result."
            )
    _tell(found, targets[0])
    return found


def targets_of(out: Path, variants: int) -> list[Path]:
    """The files that this many results are written to."""
    if variants == 1:
        return [out]
    return [out.with_name(f"{out.stem}-{k}{out.suffix}") for k in range(1, variants + 1)]


def _tell(found: Brought, target: Path) -> None:
    """On standard error: what the result will not have."""
    lost = [*found.picture.not_kept, *losses(target, found.pixels, found.picture)]
    if lost:
        print(f"{target.name} will not keep: {'; '.join(lost)}.", file=sys.stderr)
    if not is_exact(target):
        print(
            f"{target.name} is compressed again: its other pixels change slightly.", file=sys.stderr
        )


def _is_same(target: Path, source: Path) -> bool:
    return target.exists() and source.exists() and target.samefile(source)
