from __future__ import annotations

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from lazydiff_core.errors import TargetError, TrainingError
from lazydiff_core.training import webshards as module
from lazydiff_core.training.webshards import (
    find_shards,
    index_path,
    open_shards,
    split_name,
    write_shard,
)


def files(k: int, size: int = 700) -> dict[str, bytes]:
    return {"jpg": bytes([k]) * size, "mask.png": bytes([k + 1]) * 5, "txt": f"thing {k}".encode()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_shard(tmp_path / "b.tar", [("x3", files(3))])
    assert write_shard(tmp_path / "a.tar", ((f"x{k}", files(k, 600 * k)) for k in range(3))) == 3
    return tmp_path


def test_samples_by_number_shard_after_shard(folder: Path) -> None:
    shards = open_shards(find_shards([folder]))
    assert len(shards) == 4
    for k in (3, 0, 2, 1):
        assert shards.read(k) == (f"x{k}", files(k, 700 if k == 3 else 600 * k))


def test_without_an_index_the_headers_are_walked(folder: Path) -> None:
    kept = [np.load(index_path(path)) for path in find_shards([folder])]
    for path in folder.glob("*.npy"):
        path.unlink()
    walked = open_shards(find_shards([folder]))
    assert all(map(np.array_equal, walked.walked.values(), kept))
    assert walked.read(3) == ("x3", files(3, 700))


@pytest.mark.parametrize("wrong", [[0, 10**9], [0, 512], []])
def test_an_index_of_another_file_is_not_believed(folder: Path, wrong: list[int]) -> None:
    np.save(index_path(folder / "a.tar"), np.array(wrong, np.int64))
    assert len(open_shards([folder / "a.tar"])) == 3


def test_webdataset_reads_them(folder: Path) -> None:
    """The layout is WebDataset's."""
    from webdataset.tariterators import group_by_keys, tar_file_expander

    with (folder / "a.tar").open("rb") as file:
        samples = list(group_by_keys(tar_file_expander([{"url": "a.tar", "stream": file}])))
    assert [sample["__key__"] for sample in samples] == ["x0", "x1", "x2"]
    for k, sample in enumerate(samples):
        assert {name: sample[name] for name in files(k)} == files(k, 600 * k)


def test_shards_of_other_tools(tmp_path: Path) -> None:
    """Folders in the tar, members in any order of kinds, upper case, long names."""
    key = "folder/" + "long" * 40
    with tarfile.open(tmp_path / "theirs.tar", "w", format=tarfile.PAX_FORMAT) as tar:
        inside = tarfile.TarInfo("folder")
        inside.type = tarfile.DIRTYPE
        tar.addfile(inside)
        for number in range(2):
            for name, data in (("TXT", b"cat"), ("mask.png", b"m"), ("JPG", b"j" * number)):
                member = tarfile.TarInfo(f"{key}{number}.{name}")
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
    shards = open_shards([tmp_path / "theirs.tar"])
    assert len(shards) == 2
    expected = {"txt": b"cat", "mask.png": b"m", "jpg": b"j"}
    assert shards.read(1) == (f"{key}1", expected)


def test_the_same_samples_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_shard(tmp_path / "again.tar", ((f"x{k}", files(k, 600 * k)) for k in range(3)))
    assert (tmp_path / "again.tar").read_bytes() == (folder / "a.tar").read_bytes()


@pytest.mark.parametrize(
    ("key", "changes", "complaint"),
    [
        ("a.b", {}, "is not a sample's key"),
        ("", {}, "is not a sample's key"),
        ("a", {"mask.png": None}, "lacks its mask.png"),
        ("a", {"txt": None}, "lacks its txt"),
        ("a", {"jpg": None}, "lacks its jpg"),
    ],
)
def test_what_is_no_sample_is_not_written(
    tmp_path: Path, key: str, changes: dict[str, None], complaint: str
) -> None:
    given = {k: v for k, v in files(1).items() if k not in changes}
    with pytest.raises(TrainingError, match=complaint):
        write_shard(tmp_path / "a.tar", [("x", files(0)), (key, given)])
    assert list(tmp_path.iterdir()) == []


def test_encoded_samples_need_no_picture(tmp_path: Path) -> None:
    given = {"safetensors": b"..", "mask.png": b"m", "txt": b""}
    write_shard(tmp_path / "a.tar", [("x", given)])
    assert open_shards([tmp_path / "a.tar"]).read(0) == ("x", given)


def test_a_full_disk_leaves_the_old_shard(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (folder / "a.tar").read_bytes()

    def full(self: tarfile.TarFile, member: tarfile.TarInfo, data: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "addfile", full)
    with pytest.raises(TargetError, match="no space left"):
        write_shard(folder / "a.tar", [("x", files(0))])
    assert (folder / "a.tar").read_bytes() == before


def test_damage_is_named(folder: Path, tmp_path: Path) -> None:
    whole = (folder / "a.tar").read_bytes()
    shards = open_shards([folder / "a.tar"])
    (folder / "a.tar").write_bytes(whole[: len(whole) // 3])
    with pytest.raises(TrainingError, match=r"a\.tar cannot be read"):
        shards.read(2)
    (folder / "c.tar").write_bytes(b"no tar at all" * 100)
    with pytest.raises(TrainingError, match=r"c\.tar is not a shard"):
        open_shards([folder / "c.tar"])
    with pytest.raises(TrainingError, match="There are no shards"):
        find_shards([folder / "nowhere"])
    write_shard(folder / "empty.tar", [])
    with pytest.raises(TrainingError, match="hold no samples"):
        open_shards([folder / "empty.tar"])


def test_a_foreign_tar_says_what_it_lacks(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        member = tarfile.TarInfo("x.jpg")
        member.size = 1
        tar.addfile(member, io.BytesIO(b"j"))
    with pytest.raises(TrainingError, match=r"no shard of ours: The sample x lacks its mask\.png"):
        open_shards([tmp_path / "a.tar"]).read(0)


def test_names() -> None:
    assert split_name("a.b/c.mask.PNG") == ("a.b/c", "mask.png")
    assert split_name("c.txt") == ("c", "txt")
    assert module.PICTURES[0] == "jpg"
