"""Pictures of pixels alone: PNG, JPEG, WebP, TIFF, AVIF, and what can only be read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from app.document.edit_stack import EditStack
from app.document.source_file import SourceFile
from app.storage.formats.contents import Opened, Project, Saving
from app.storage.formats.notes import note_of, recipes_in
from lazydiff_core.errors import ImageError
from lazydiff_core.images import writing
from lazydiff_core.images.picture import Metadata, Picture, Samples
from lazydiff_core.images.reading import contents_of, picture_of
from lazydiff_core.storage.safe_files import write_files

_NOTHING = Metadata()
# Formats that hold all of what a source says, the smaller one first.
_KEEPING = (Path("source.png"), Path("source.tif"))


def read_plain(path: Path) -> Opened:
    """Read a picture, with all that is to come back when it is saved; raises ImageError."""
    return read_data(contents_of(path), path)


def read_data(data: bytes, path: Path) -> Opened:
    """The same of a file's contents; `path` names it in messages. Raises ImageError."""
    return opened_picture(_read(data, path), SourceFile(path.name, data))


def opened_picture(picture: Picture, file: SourceFile) -> Opened:
    """What is opened of a picture that was read from this file."""
    cover = np.zeros(picture.pixels.shape[:2], np.uint8)
    project = Project(EditStack(picture.pixels), cover, source=_source_of(picture, file))
    return Opened(project, not_kept=picture.not_kept, recipes=recipes_in(picture.metadata.recipes))


def write_plain(project: Project, path: Path, saving: Saving) -> None:
    """Write the pixels of a picture, and what its source said; raises TargetError."""
    visible = [edit for edit in project.stack.edits if edit.chosen is not None]
    data = writing.encode(
        project.pixels(),
        path,
        _as_read(project),
        recipes=note_of(project) if saving.recipes else "",
        generated=bool(visible) and saving.marks_generated,
    )
    write_files({path: data}, backup=saving.backup)


def losses(project: Project, path: Path) -> tuple[str, ...]:
    """What a plain file of this name cannot keep of the pixels and of what the source said.

    Each in plain words. Raises TargetError if it cannot hold the picture at all.
    """
    return writing.losses(path, project.pixels(), _as_read(project))


def _as_read(project: Project) -> Picture | None:
    """The source as it was read; None if there is none, or it is not of the picture's size."""
    if project.source is None:
        return None
    try:
        picture = _read(project.source.data, Path(project.source.name))
    except ImageError:  # by a version that could read it; the metadata are lost, not the picture
        return None
    base = project.stack.base
    if picture.pixels.shape != base.shape:
        return Picture(base, None, picture.metadata)
    # Which samples are untouched is decided by the base: another version may convert differently.
    return replace(picture, pixels=base)


def _read(data: bytes, path: Path) -> Picture:
    """The picture in a file; without its alpha channel if nothing is transparent."""
    picture = picture_of(data, path)
    if not picture.has_alpha or not _is_opaque(picture.pixels):
        return picture
    original = picture.original
    if original is not None and original.has_alpha:
        if not _is_opaque(original.samples):
            return picture
        original = replace(original, samples=original.samples[..., :-1])
    return replace(picture, pixels=np.ascontiguousarray(picture.colours), original=original)


def _is_opaque(samples: Samples) -> bool:
    """Whether the last channel is full everywhere."""
    full = np.iinfo(samples.dtype).max if samples.dtype.kind == "u" else 1
    return bool((samples[..., -1] == full).all())


def _source_of(picture: Picture, file: SourceFile) -> SourceFile | None:
    """What is carried along of a file: nothing if its pixels say all, the first picture of many."""
    if picture.original is None and picture.metadata == _NOTHING:
        return None
    if not picture.not_kept:
        return file
    lost = [len(writing.losses(path, picture.pixels, picture)) for path in _KEEPING]
    target = _KEEPING[lost.index(min(lost))]
    data = writing.encode(picture.pixels, target, picture)
    return SourceFile(str(Path(file.name).with_suffix(target.suffix)), data)
