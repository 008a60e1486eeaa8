"""A whole session of the program in a process of its own: start, fill, save, close.

`python -m tests.e2e.session MODEL TARGET [PICTURE]`. Prints what the window showed as JSON. Any
connection to another computer ends it with exit code 3.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from app.__main__ import main
from app.lab.measure.figures import square_mask
from app.lab.measure.play import Play, Wait
from app.window import MainWindow


def deny_network(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook: looking names up and connecting anywhere but to this computer's own sockets."""
    looked_up = event in ("socket.getaddrinfo", "socket.gethostbyname")
    connected = event == "socket.connect" and isinstance(arguments[1], tuple)
    if looked_up or connected:
        print(f"network: {event} {arguments[1:]}", file=sys.stderr, flush=True)
        os._exit(3)


def script(window: MainWindow, target: Path) -> Iterator[Wait]:
    from app.document.commands import replace_mask
    from app.panels.dialogs.save_questions import Answer
    from lazydiff_core.generation_settings import GenerationSettings

    files, document = window.files, window.document
    answer = Answer.KEEP
    files._dialogs.ask_save = lambda suggested: target  # type: ignore[method-assign]
    files._dialogs.ask_unsaved = lambda *asked: answer  # type: ignore[method-assign]
    yield lambda: window.generation.info is not None
    side = min(document.size.width(), document.size.height())
    size = document.pixels.shape[:2]
    mask = square_mask(side, side // 3)
    whole = document.mask.copy()
    whole[: mask.shape[0], : mask.shape[1]] = mask
    assert whole.shape == size
    replace_mask(document, "Mask", whole)
    window.generation.fill(GenerationSettings("a red mushroom", seed=1))
    yield lambda: bool(document.edits) and not window.generation.is_running
    saved = files.save_as()
    told = {
        "saved": saved,
        "message": window.messages.text,
        "title": files.name(),
        "edits": len(document.edits),
        "ratio": window.devicePixelRatio(),
        "modified": document.is_modified,
    }
    print(json.dumps(told), flush=True)
    answer = Answer.DISCARD  # a plain picture lacks the history
    window.close()


if __name__ == "__main__":
    sys.addaudithook(deny_network)
    model, target, *picture = sys.argv[1:]
    sys.exit(
        main(
            [*picture, "--model", model],
            lambda window: Play(script(window, Path(target)), window.close, window),
        )
    )
