"""Prices are those of the fills that follow."""

import numpy as np
import pytest

from lazydiff_core.backends.fake import FakeBackend
from lazydiff_core.contract import EditRequest, Mask
from lazydiff_core.engine.engine import Engine
from lazydiff_core.remote.wire import png_text
from lazydiff_core.serve.price import PriceList, hole_tokens
from tests.lazydiff_core.serve.driving import Served, hole


def holes() -> list[Mask]:
    found = []
    for height, width, box in ((96, 96, (24, 24, 56, 56)), (700, 300, (5, 5, 290, 200))):
        mask = np.zeros((height, width), np.bool_)
        mask[box[1] : box[3], box[0] : box[2]] = True
        found.append(mask)
    return found


@pytest.mark.parametrize("mask", holes())
def test_the_tokens_are_those_that_are_computed(mask: Mask) -> None:
    engine = Engine(FakeBackend())
    image = np.zeros((*mask.shape, 3), np.uint8)
    tokens = engine.run(EditRequest(image, mask, prompt="x")).tokens
    assert hole_tokens(mask, "auto", engine.info) == tokens


def test_seconds_follow_tokens_and_variants() -> None:
    engine, prices = Engine(FakeBackend(step_seconds=0.01)), PriceList()

    def seconds(variants: int) -> float:
        return prices.of(engine, hole(), "auto", variants, lambda: False).seconds

    assert seconds(1) > 0
    assert seconds(4) >= seconds(1)


def test_clients_ask_for_it(served: Served) -> None:
    answer = served.post("/v1/engine/price", {"mask": png_text(hole()), "variants": 2})
    assert answer.status == 200
    assert answer.document["tokens"] > 0
    empty = png_text(np.zeros((96, 96), np.bool_))
    assert served.post("/v1/engine/price", {"mask": empty}).status == 422
    assert served.post("/v1/engine/price", {"mask": empty, "variants": 0}).status == 422
