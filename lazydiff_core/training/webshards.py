"""Training data in WebDataset shards: the layout, its writer and its reader.

A folder of shards holds `NAME.tar` files, each with samples one after another; the files of a
sample share a key, which is the name up to its first dot:

KEY.jpg|png|webp   the picture, RGB, any size
KEY.mask.png       its hole, 8-bit grey of the same size, >= 128 where to generate; as a user would
                   brush it, so entities are grown and roughened before they are written
KEY.txt            what is in the hole, UTF-8; empty where nothing is said. A class's number or
                   name for a model with classes
KEY.safetensors    optional, in the place of the picture: encoded ahead for one model, float16
                   "target", "visible" (c,h,w) latents of the window the model sees, without and
                   with the hole blanked, and "states" (L,W) of the prompt. The mask then is the
                   window's
KEY.json           optional: where it all comes from, or what a rendered scene asks for (shards.py)

Tars are not compressed. Beside each may lie `NAME.index.npy`: int64 byte offsets at which samples
begin, and the end. With it a shard opens at once; without it, its headers are walked through. Any
sample is then one read away, so that a shuffle covers the whole data set and a run can go on from
any sample. A folder may be on any disk or network mount, and a data set may be several folders.
Where shards can only be read from their beginning, as in an object store, they are streamed
(streams.py).
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lazydiff_core.errors import TrainingError
from lazydiff_core.storage.safe_files import replacing, write_files

PICTURES = ("jpg", "jpeg", "png", "webp")
MASK, CAPTION, ENCODED = "mask.png", "txt", "safetensors"
PER_SHARD = 1000
_BLOCK = tarfile.BLOCKSIZE
_OFFSETS_KEPT = 256  # shards

Files = Mapping[str, bytes]
Offsets = npt.NDArray[np.int64]


def index_path(shard: Path) -> Path:
    """Where a shard's offsets are kept."""
    return shard.with_suffix(".index.npy")


# --- writing --------------------------------------------------------------------------------------


def write_shard(path: Path, samples: Iterable[tuple[str, Files]]) -> int:
    """Write one shard and its index, complete or not at all; returns the number of samples.

    samples: (key, {"jpg": ..., "mask.png": ..., "txt": ...}). The same samples give the same bytes.
    Raises TrainingError for a key or a set of files that is none, TargetError for a full disk.
    """
    offsets = [0]
    with replacing(path) as staged, tarfile.open(staged, "w", format=tarfile.GNU_FORMAT) as tar:
        for key, files in samples:
            check_sample(key, files)
            for extension, data in files.items():
                member = tarfile.TarInfo(f"{key}.{extension}")
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
            offsets.append(tar.offset)
    _write_index(path, np.array(offsets, np.int64))
    return len(offsets) - 1


def check_sample(key: str, files: Files) -> None:
    """TrainingError unless these files are a sample."""
    if not key or "." in Path(key).name:
        raise TrainingError(f"{key!r} is not a sample's key: it must not be empty or have a dot.")
    lacking = [name for name in (MASK, CAPTION) if name not in files]
    if not (ENCODED in files or any(name in files for name in PICTURES)):
        lacking.append("jpg")
    if lacking:
        raise TrainingError(f"The sample {key} lacks its {lacking[0]}.")


def _write_index(shard: Path, offsets: Offsets) -> None:
    buffer = io.BytesIO()
    np.save(buffer, offsets, allow_pickle=False)
    write_files({index_path(shard): buffer.getvalue()})


# --- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class WebShards:
    """All samples of some shards, by number: shard after shard, in the order of their names.

    Of each shard only the number of samples is kept; its offsets are read when they are needed.
    walked: offsets of shards that lack them on the disk.
    """

    paths: Sequence[Path]
    ends: Offsets
    walked: Mapping[int, Offsets] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.ends[-1])

    def read(self, number: int) -> tuple[str, dict[str, bytes]]:
        """Key and files of a sample; TrainingError where the shard is damaged."""
        shard = int(np.searchsorted(self.ends, number, "right"))
        try:
            offsets = self.walked.get(shard)
            if offsets is None:
                offsets = _kept_offsets(self.paths[shard])
            place = number - int(self.ends[shard]) + len(offsets) - 1
            start, end = int(offsets[place]), int(offsets[place + 1])
            with self.paths[shard].open("rb") as file:
                file.seek(start)
                data = file.read(end - start)
            key, files = _unpack(data)
            check_sample(key, files)
        except (OSError, ValueError, IndexError, tarfile.TarError, EOFError) as error:
            raise TrainingError(f"{self.paths[shard]} cannot be read: {error}.") from error
        except TrainingError as error:
            raise TrainingError(f"{self.paths[shard]} is no shard of ours: {error}") from error
        return key, files


def read_shard(path: Path) -> tuple[int, Iterator[tuple[str, Files]]]:
    """How many samples a shard has, and all of them; TrainingError where it is damaged."""
    opened = open_shards([path], allow_empty=True)
    return len(opened), map(opened.read, range(len(opened)))


@lru_cache(maxsize=_OFFSETS_KEPT)
def _kept_offsets(shard: Path) -> Offsets:
    offsets: Offsets = np.load(index_path(shard), allow_pickle=False)
    return offsets


def _unpack(data: bytes) -> tuple[str, dict[str, bytes]]:
    files: dict[str, bytes] = {}
    key = ""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is None:
                continue
            key, extension = split_name(member.name)
            files[extension] = content.read()
            if len(files[extension]) != member.size:
                raise tarfile.ReadError(f"{member.name} is cut off")
    return key, files


def split_name(name: str) -> tuple[str, str]:
    """ "a/b.mask.png" -> ("a/b", "mask.png")."""
    folder, slash, file = name.rpartition("/")
    key, _, extension = file.partition(".")
    return folder + slash + key, extension.lower()


def find_shards(folders: Sequence[Path]) -> tuple[Path, ...]:
    """The shards of these folders, by name in each; TrainingError where a folder has none."""
    paths: list[Path] = []
    for folder in folders:
        found = sorted(folder.glob("*.tar"))
        if not found:
            raise TrainingError(f"There are no shards (.tar) in {folder}: prepare some first.")
        paths += found
    return tuple(paths)


def open_shards(paths: Sequence[Path], *, allow_empty: bool = False) -> WebShards:
    """Shards as one data set; TrainingError where one is no tar or none holds a sample."""
    counts, walked = np.zeros(len(paths), np.int64), dict[int, Offsets]()
    for shard, path in enumerate(paths):
        offsets, indexed = _read_index(path)
        counts[shard] = len(offsets) - 1
        if not indexed:
            walked[shard] = offsets
    ends = np.cumsum(counts, dtype=np.int64)
    if not allow_empty and not ends[-1]:
        raise TrainingError(f"The shards in {paths[0].parent} hold no samples.")
    return WebShards(tuple(paths), ends, walked)


def _read_index(shard: Path) -> tuple[Offsets, bool]:
    """A shard's offsets: those beside it where they fit it (True), else found in its headers."""
    try:
        index = index_path(shard)
        if index.exists():
            saved: Offsets = np.load(index, allow_pickle=False)
            plain = saved.dtype == np.int64 and saved.ndim == 1 and len(saved) > 0
            if plain and _ends(shard, int(saved[-1])):
                return saved, True
        return _walk(shard), False
    except (OSError, ValueError, tarfile.TarError) as error:
        raise TrainingError(f"{shard} is not a shard: {error}.") from error


def _ends(shard: Path, offset: int) -> bool:
    """Whether tar's final padding, and nothing else, begins here."""
    with shard.open("rb") as file:
        file.seek(offset)
        rest = file.read(2 * tarfile.RECORDSIZE + 1)
    return _BLOCK <= len(rest) <= 2 * tarfile.RECORDSIZE and not any(rest)


def _walk(shard: Path) -> Offsets:
    """Where samples begin, from the headers alone."""
    starts, last, end = list[int](), "", 0
    with tarfile.open(shard, "r:") as tar:
        for member in tar:
            if not member.isfile():
                continue
            key = split_name(member.name)[0]
            if key != last:
                starts.append(member.offset)
            last, end = key, member.offset_data + -(-member.size // _BLOCK) * _BLOCK
    return np.array([*starts, end], np.int64) if starts else np.zeros(1, np.int64)
