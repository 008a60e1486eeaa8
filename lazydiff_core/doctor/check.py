"""A check: what is asked, what was found, and the command that mends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from lazydiff_core.errors import LazyDiffError


@dataclass(frozen=True)
class Check:
    """What was found. fix: the command that mends it, "" where all is well."""

    name: str
    ok: bool
    detail: str
    fix: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Question:
    """What is asked: `ask` returns what was found, or raises CheckError.

    fix: what mends it where something else is raised, a fault that nobody foresaw.
    """

    name: str
    ask: Callable[[], str]
    fix: str


class CheckError(LazyDiffError):
    """Something is wrong; `fix` is the command that mends it."""

    def __init__(self, detail: str, fix: str) -> None:
        super().__init__(detail)
        self.fix = fix


def answer(question: Question) -> Check:
    """Ask; whatever is raised is an answer, too, in one sentence."""
    try:
        return Check(question.name, True, question.ask())
    except CheckError as error:
        return Check(question.name, False, str(error), error.fix)
    except LazyDiffError as error:
        return Check(question.name, False, str(error), question.fix)
    except Exception as error:  # a check that fails in an unforeseen way is what a doctor is for
        words = " ".join(str(error).split())[:300] or "no reason was given"
        detail = f"This fails: {type(error).__name__}: {words}"
        return Check(question.name, False, detail, question.fix)
