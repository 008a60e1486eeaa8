"""An engine whose work is done by `lazydiff serve` on another machine."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from lazydiff_core.contract import (
    RGB,
    RGBA,
    EditRequest,
    EditResult,
    IsCancelled,
    Mask,
    OnProgress,
    Scope,
)
from lazydiff_core.errors import Cancelled, DeviceLostError, InputError, ModelError
from lazydiff_core.remote import wire
from lazydiff_core.remote.connection import Connection, Event, UnknownCanvasError, error_of

_REMEMBERED = 4  # digests of canvases that the server has; it keeps as many
_ASKED_FOR_LATENCY = 3


class RemoteEngine:
    """Has the interface of Engine. Requests are sent whole, each canvas once; nothing is stored.

    A lost connection raises DeviceLostError, as a lost device does: connect again and repeat.
    """

    def __init__(self, connection: Connection) -> None:
        """Raises ModelError for a server that refuses the token or is none, DeviceLostError where
        nothing answers."""
        self._connection = connection
        self._sent: OrderedDict[str, None] = OrderedDict()
        try:
            self.latency = min(self._time_of_answer() for _ in range(_ASKED_FOR_LATENCY))
            info = wire.info_of(connection.get("/v1/engine/info"))
        except DeviceLostError as error:
            raise ModelError(f"{error} Is lazydiff serve running there?") from error
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{connection.host} is not served by LazyDiff.") from error
        device = f"{info.device} of {connection.host}"
        notice = f"{connection.host} is {self.latency * 1000:.0f} ms away."
        self.info = replace(
            info,
            device=device,
            notice=f"{info.notice} {notice}".strip(),
            devices=("cpu",),  # of this machine
            teachable=False,  # words are taught where the engine is
            lora_refusal=str(_no_loras()),
            references=0,  # they are files of this machine
            controls=False,
        )

    def lora_fault(self, path: Path) -> str:
        """As Engine.lora_fault: why no file can be used there."""
        return self.info.lora_refusal

    def _time_of_answer(self) -> float:
        started = time.perf_counter()
        self._connection.get("/health")
        return time.perf_counter() - started

    def run(
        self,
        request: EditRequest,
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> EditResult:
        """As Engine.run; `seconds["total"]` includes the way there and back."""
        if request.settings.loras:
            raise _no_loras()
        if request.settings.references:
            raise InputError(
                f"Reference pictures are not sent to {self._connection.host}: leave them out, or "
                "use a model on this computer."
            )
        if request.settings.control:
            raise InputError(
                f"A control network is not sent to {self._connection.host}: leave it out, or use a "
                "model on this computer."
            )
        started = time.perf_counter()
        for event in self._events(
            "/v1/engine/run",
            request.image,
            lambda image: wire.request_document(request, image),
            is_cancelled,
        ):
            if event.name == "progress" and on_progress is not None:
                on_progress(wire.progress_of(event.document, request.id))
            elif event.name == "result":
                result = wire.result_of(event.document, request.id, request.image)
                total = time.perf_counter() - started
                return replace(
                    result, seconds=result.seconds | {"total": total}, device=self.info.device
                )
        raise self._ended_early()

    def prepare(
        self,
        image: RGB,
        mask: Mask,
        scope: Scope = "auto",
        is_superseded: IsCancelled | None = None,
        *,
        edit: bool = False,
        references: str = "",
        control: str = "",
        sketch: RGBA | None = None,
    ) -> bool:
        """As Engine.prepare; sends the canvas ahead as well, but no other pictures."""

        def document(sent: str) -> wire.Document:
            return {**wire.canvas_document(sent, mask), "scope": scope, "edit": edit}

        for event in self._events("/v1/engine/context", image, document, is_superseded):
            if event.name == "result":
                return bool(event.document["encoded"])
        raise self._ended_early()

    def time_run(
        self, across: int, is_cancelled: IsCancelled | None = None, *, counting: bool = False
    ) -> EditResult:
        """As Engine.time_run; the way there and back counts."""
        started = time.perf_counter()
        body = {"across": across, "counting": counting}
        for event in self._answer("/v1/engine/time", body, is_cancelled):
            if event.name == "result":
                canvas = wire.pixels_of(event.document["canvas"])
                result = wire.result_of(event.document, 0, canvas)
                total = time.perf_counter() - started
                return replace(result, seconds=result.seconds | {"total": total})
        raise self._ended_early()

    def _events(
        self,
        path: str,
        image: RGB,
        document: Callable[[str], wire.Document],
        is_cancelled: IsCancelled | None,
    ) -> Iterator[Event]:
        """The events of a request on a canvas, which is sent if the server does not have it."""
        name = wire.digest(image)
        if name in self._sent:
            try:
                yield from self._answer(path, document(name), is_cancelled, name)
                return
            except UnknownCanvasError:
                del self._sent[name]
        for event in self._answer(path, document(wire.png_text(image)), is_cancelled, name):
            self._remember(name)
            yield event

    def _answer(
        self, path: str, body: wire.Document, is_cancelled: IsCancelled | None, canvas: str = ""
    ) -> Iterator[Event]:
        """Events until the caller cancels, which closes the connection and so stops the work."""
        with closing(self._connection.events(path, body, canvas)) as events:
            for event in events:
                if is_cancelled is not None and is_cancelled():
                    raise Cancelled("Stopped.")
                if event.name == "error":
                    raise error_of(event.document)
                yield event

    def _remember(self, name: str) -> None:
        self._sent[name] = None
        self._sent.move_to_end(name)
        while len(self._sent) > _REMEMBERED:
            self._sent.popitem(last=False)

    def _ended_early(self) -> DeviceLostError:
        return DeviceLostError(f"{self._connection.host} ended its answer early.")


def _no_loras() -> InputError:
    return InputError(
        "LoRAs are files of this computer, which another machine does not read: leave them out."
    )
