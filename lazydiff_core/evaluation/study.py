"""Blind pairwise studies: people compare two results side by side.

A study's folder holds
study.json          question, whether ties may be given, and the pairs in the order they are shown
pictures/           the pictures under neutral names
key.json            the source of each side; only the report reads it; may be kept elsewhere
answers-NAME.jsonl  the answers of a person, one line per answer or withdrawal
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import numpy as np

from lazydiff_core.errors import InputError, TargetError
from lazydiff_core.images.formats import FORMATS
from lazydiff_core.images.reading import read_image
from lazydiff_core.images.writing import encode
from lazydiff_core.storage.safe_files import make_folder, write_files

Choice: TypeAlias = Literal["left", "right", "tie"]
CHOICES: tuple[Choice, ...] = get_args(Choice)
QUESTION = "Which picture is better?"
CAPTIONS = "captions.json"  # file name -> text, in a folder of results


@dataclass(frozen=True)
class Pair:
    """Files of the study's folder to be shown side by side, under a caption that may be empty."""

    id: int
    left: str
    right: str
    caption: str


@dataclass(frozen=True)
class Study:
    """The question and the pairs, in the order they are shown."""

    folder: Path
    question: str
    ties: bool
    pairs: tuple[Pair, ...]


def build_study(
    first: Path,
    second: Path,
    out: Path,
    *,
    question: str = QUESTION,
    ties: bool = True,
    most: int | None = None,
    seed: int = 0,
    key: Path | None = None,
) -> Study:
    """Pair the pictures that both folders have, blinded: order and sides are drawn by `seed`.

    Half of the pairs show `first` at the left. `key` is where the solution is written (default: in
    `out`). Raises InputError where nothing matches or `out` holds a study, ImageError, TargetError.
    """
    if (out / "study.json").exists():
        raise InputError(f"{out} holds a study already: name another folder.")
    names = sorted(_pictures(first) & _pictures(second))
    if not names:
        raise InputError(f"No picture in {first} has a namesake in {second}: nothing to compare.")
    rng = np.random.default_rng(seed)
    chosen = [names[k] for k in rng.permutation(len(names))][:most]
    first_left = rng.permutation(np.arange(len(chosen)) % 2 == 0)
    captions = _captions(first)
    make_folder(out / "pictures")
    pairs, sides = [], []
    for number, (name, straight) in enumerate(zip(chosen, first_left, strict=True)):
        folders = (first, second) if straight else (second, first)
        left, right = (f"pictures/{number:04}-{side}.png" for side in ("left", "right"))
        pictures = [read_image(folder / name) for folder in folders]
        # Encoded again, so that format and metadata do not reveal the source.
        paths = [out / left, out / right]
        write_files({p: encode(i, p) for p, i in zip(paths, pictures, strict=True)})
        pairs.append(Pair(number, left, right, captions.get(name, "")))
        sides.append({"id": number, "file": name, "left": "first" if straight else "second"})
    solution = {"first": str(first), "second": str(second), "pairs": sides}
    document = {"question": question, "ties": ties, "pairs": [asdict(pair) for pair in pairs]}
    write_files({key or out / "key.json": _json(solution), out / "study.json": _json(document)})
    return Study(out, question, ties, tuple(pairs))


def _pictures(folder: Path) -> set[str]:
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}: name a folder of pictures.")
    return {path.name for path in folder.iterdir() if path.suffix.lower() in FORMATS}


def _captions(folder: Path) -> dict[str, str]:
    path = folder / CAPTIONS
    if not path.exists():
        return {}
    return {str(name): str(text) for name, text in _read_json(path).items()}


def _json(document: object) -> bytes:
    return (json.dumps(document, indent=1) + "\n").encode()


def _read_json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from error
    if not isinstance(document, dict):
        raise InputError(f"{path} is not what it should be: build the study again.")
    return document


def load_study(folder: Path) -> Study:
    """Read a study; raises InputError where there is none or it is damaged."""
    path = folder / "study.json"
    if not path.is_file():
        raise InputError(f"{folder} holds no study: make one with `lazydiff study build`.")
    values = _read_json(path)
    try:
        pairs = tuple(Pair(**row) for row in values["pairs"])
        return Study(folder, str(values["question"]), bool(values["ties"]), pairs)
    except (KeyError, TypeError) as error:
        raise InputError(f"{path} is not what it should be: build the study again.") from error


class AnswerLog:
    """One person's answers, on disk before `add` returns; a line cut off by a crash is dropped."""

    def __init__(self, study: Study, rater: str) -> None:
        plain = re.sub(r"[^\w-]+", "_", rater).strip("_")
        if not plain:
            raise InputError(f"{rater!r} is no name for a person: use letters or digits.")
        self.path = study.folder / f"answers-{plain}.jsonl"
        self._given: list[tuple[int, Choice]] = []
        if self.path.exists():
            self._given = _read_answers(self.path)
            self._drop_cut_line()

    @property
    def answers(self) -> dict[int, Choice]:
        """Pair -> answer."""
        return dict(self._given)

    def add(self, pair: int, choice: Choice, seconds: float) -> None:
        """Record an answer; raises TargetError if it cannot be written."""
        self._append({"pair": pair, "choice": choice, "seconds": round(seconds, 2)})
        self._given.append((pair, choice))

    def undo(self) -> int | None:
        """Withdraw the last answer; its pair, or None where there is none."""
        if not self._given:
            return None
        self._append({"undo": self._given[-1][0]})
        return self._given.pop()[0]

    def _append(self, row: dict[str, object]) -> None:
        try:
            with self.path.open("ab") as file:
                file.write((json.dumps(row) + "\n").encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise TargetError(f"The answer was not saved to {self.path}: {error}.") from error

    def _drop_cut_line(self) -> None:
        data = self.path.read_bytes()
        if data and not data.endswith(b"\n"):
            write_files({self.path: data[: data.rfind(b"\n") + 1]})


def _read_answers(path: Path) -> list[tuple[int, Choice]]:
    """The answers that were not withdrawn, in order."""
    given: list[tuple[int, Choice]] = []
    try:
        whole_lines = path.read_bytes().split(b"\n")[:-1]
        for line in whole_lines:
            row = json.loads(line)
            if "undo" in row:
                given.pop()
            elif row["choice"] in CHOICES:
                given.append((int(row["pair"]), row["choice"]))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(f"{path} is damaged and cannot be counted: {error!r}.") from error
    return given


@dataclass(frozen=True)
class Tally:
    """How often each folder's picture was preferred, over all raters."""

    first: str
    second: str
    first_wins: int
    second_wins: int
    ties: int
    left_wins: int
    raters: int

    @property
    def count(self) -> int:
        return self.first_wins + self.second_wins + self.ties


def tally(folder: Path, key: Path | None = None) -> Tally:
    """Count everybody's answers; raises InputError where there is no answer or no key."""
    load_study(folder)
    solution = _read_json(key or folder / "key.json")
    try:
        left_of = {int(row["id"]): str(row["left"]) for row in solution["pairs"]}
        names = str(solution["first"]), str(solution["second"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{key or folder / 'key.json'} is no key of a study.") from error
    logs = [_read_answers(path) for path in sorted(folder.glob("answers-*.jsonl"))]
    given = [(left_of[pair], choice) for log in logs for pair, choice in dict(log).items()]
    if not given:
        raise InputError(f"Nobody has answered {folder} yet: `lazydiff study run` asks.")
    wins = [_winner(left, choice) for left, choice in given]
    return Tally(
        *names,
        wins.count("first"),
        wins.count("second"),
        wins.count("tie"),
        sum(choice == "left" for _, choice in given),
        sum(bool(log) for log in logs),
    )


def _winner(left: str, choice: Choice) -> str:
    if choice == "tie":
        return "tie"
    return left if choice == "left" else _other(left)


def _other(side: str) -> str:
    return "second" if side == "first" else "first"


def unanswered(study: Study, answers: Sequence[int]) -> list[Pair]:
    """Pairs still to be shown, in order."""
    done = set(answers)
    return [pair for pair in study.pairs if pair.id not in done]
