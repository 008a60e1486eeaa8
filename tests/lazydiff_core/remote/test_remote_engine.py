"""An engine on a server is used as one here, and gives the same pixels."""

import socket
import threading
from pathlib import Path

import numpy as np
import pytest

from lazydiff_core.backends.fake import FakeBackend
from lazydiff_core.contract import EditRequest, Progress
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import (
    Cancelled,
    DeviceLostError,
    EmptyMaskError,
    InputError,
    ModelError,
    OutOfMemoryError,
)
from lazydiff_core.remote import Connection, RemoteEngine, wire
from tests.lazydiff_core.serve.driving import TOKEN, Served, canvas, hole, serving, until


def remote(served: Served) -> RemoteEngine:
    return RemoteEngine(Connection(served.address, TOKEN))


def request(seed: int = 3, variants: int = 2) -> EditRequest:
    sketch = np.full((96, 96, 4), 200, np.uint8)
    cover = np.full((96, 96), 128, np.uint8)
    return EditRequest(
        canvas(), hole(), prompt="a disc", seed=seed, variants=variants, cover=cover,
        sketch=sketch, strength=0.5,
    )  # fmt: skip


def test_it_has_the_properties_of_the_engine_there(served: Served) -> None:
    there, here = remote(served).info, Engine(FakeBackend()).info
    assert there.framing == here.framing
    assert there.computed == here.computed
    assert there.samplers == here.samplers
    assert there.device == f"cpu of 127.0.0.1:{served.port}"
    assert "ms away" in there.notice


def test_the_same_request_gives_the_same_pixels(served: Served) -> None:
    there, here = remote(served).run(request()), Engine(FakeBackend()).run(request())
    assert there.box == here.box
    assert there.seeds == here.seeds
    assert there.tokens == here.tokens
    assert there.pixels_changed_outside_mask == 0
    for mine, theirs in zip(here.patches, there.patches, strict=True):
        assert np.array_equal(mine, theirs)
    assert np.array_equal(there.image, here.image)


def test_a_canvas_keeps_its_alpha(served: Served) -> None:
    alpha = np.random.default_rng(1).integers(0, 256, (96, 96, 1), np.uint8)
    asked = EditRequest(np.dstack([canvas(), alpha]), hole(), prompt="a disc")
    there, here = remote(served).run(asked), Engine(FakeBackend()).run(asked)
    assert there.image.shape == (96, 96, 4)
    assert np.array_equal(there.image, here.image)


def test_progress_arrives_with_previews() -> None:
    seen: list[Progress] = []
    asked = request()
    with serving(step_seconds=0.02) as served:
        remote(served).run(asked, seen.append)
    assert {progress.id for progress in seen} == {asked.id}
    previews = [progress for progress in seen if progress.preview is not None]
    assert previews
    assert previews[0].preview is not None
    assert previews[0].box is not None
    assert previews[0].preview.shape[:2] == (previews[0].box.height, previews[0].box.width)


def test_a_canvas_is_sent_once_and_its_context_kept(served: Served) -> None:
    engine, image = remote(served), canvas(seed=9)
    assert engine.prepare(image, hole()) is True
    assert engine.prepare(image, hole()) is False
    result = engine.run(EditRequest(image, hole(), prompt="x"))
    assert result.context_reused


def test_a_canvas_that_the_server_has_forgotten_is_sent_again(served: Served) -> None:
    engine, image = remote(served), canvas(seed=10)
    first = engine.run(EditRequest(image, hole(), prompt="x"))
    for seed in range(20, 26):
        remote(served).prepare(canvas(seed=seed), hole())
    again = engine.run(EditRequest(image, hole(), prompt="x"))
    assert np.array_equal(first.image, again.image)


def test_a_run_is_timed_there(served: Served) -> None:
    assert remote(served).time_run(4).seconds["total"] > 0


def test_the_servers_errors_are_the_engines(served: Served) -> None:
    empty = EditRequest(canvas(), np.zeros((96, 96), np.bool_))
    with pytest.raises(InputError) as there:
        remote(served).run(empty)
    with pytest.raises(EmptyMaskError) as here:
        Engine(FakeBackend()).run(empty)
    assert str(there.value) == str(here.value)


def test_reference_pictures_stay_on_this_computer(served: Served) -> None:
    asked = EditRequest(canvas(), hole(), prompt="this robot", references="/pictures/robot.png")
    assert remote(served).info.references == 0
    with pytest.raises(InputError, match="are not sent to 127"):
        remote(served).run(asked)
    body = wire.request_document(asked, wire.png_text(asked.image))
    answer = served.post("/v1/engine/run", body)
    assert answer.status == 422
    assert "cannot be read from the server's files" in answer.document["error"]["message"]


def test_cancelling_stops_the_work_there() -> None:
    with serving(step_seconds=0.02) as served:
        stop = threading.Event()
        many = EditRequest(canvas(), hole(), prompt="x", steps=1000)
        with pytest.raises(Cancelled):
            remote(served).run(many, lambda _: stop.set(), stop.is_set)
        until(lambda: served.engines.current is None)


def test_memory_that_runs_out_there_is_said_here() -> None:
    class Full(FakeBackend):
        def encode_prompt(self, prompt: str, negative: str) -> bytes:
            raise MemoryError

    with serving(lambda: Engine(Full())) as served, pytest.raises(OutOfMemoryError):
        remote(served).run(request())


def test_a_lost_connection_is_a_lost_device() -> None:
    with serving() as served:
        engine = remote(served)
    with pytest.raises(DeviceLostError, match="cannot be reached"):
        engine.run(request())


def test_a_wrong_token_is_said(served: Served) -> None:
    with pytest.raises(ModelError, match="refuses the token"):
        RemoteEngine(Connection(served.address, "another"))


def test_nobody_there_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ModelError, match="lazydiff serve running there"):
        RemoteEngine(Connection(f"http://127.0.0.1:{port}"))


@pytest.mark.parametrize(
    "address", ["", "10.0.0.5", "ftp://10.0.0.5", "http://", "http://x:99999", "http://x:y"]
)
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(InputError, match="is not an address"):
        Connection(address)


def test_many_clients_at_once_are_neither_lost_nor_mixed_up(served: Served) -> None:
    wrong: list[int] = []
    lock = threading.Lock()

    def client(number: int) -> None:
        engine, here = remote(served), Engine(FakeBackend())
        for k in range(5):
            image = canvas(seed=number)
            asked = EditRequest(image, hole(), prompt=f"{number} {k}", seed=k)
            if not np.array_equal(engine.run(asked).image, here.run(asked).image):
                with lock:
                    wrong.append(number)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    assert wrong == []


def test_loras_are_files_of_this_computer(served: Served) -> None:
    engine = remote(served)
    assert "files of this computer" in engine.info.lora_refusal
    assert engine.lora_fault(Path("a.safetensors")) == engine.info.lora_refusal
    wanted = EditRequest(canvas(), hole(), loras="/a.safetensors:1")
    with pytest.raises(InputError, match="files of this computer"):
        engine.run(wanted)
    body = wire.request_document(wanted, wire.png_text(canvas()))
    with pytest.raises(InputError, match="files of the server"):
        Connection(served.address, TOKEN).post("/v1/engine/run", body)
