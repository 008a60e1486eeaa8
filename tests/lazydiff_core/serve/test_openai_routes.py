"""OpenAI's form of an edit."""

import base64
from pathlib import Path

import numpy as np
import pytest

from lazydiff_core.contract import RGBA
from lazydiff_core.images.reading import picture_of
from lazydiff_core.images.xmp import COMPOSITE, source_type
from lazydiff_core.remote.wire import pixels_of, png
from tests.lazydiff_core.serve.driving import Served, canvas, hole

EDITS = "/v1/images/edits"


def clear_in_the_hole() -> RGBA:
    return np.dstack([canvas(), np.where(hole(), 0, 255).astype(np.uint8)])


def test_what_is_transparent_in_the_mask_is_painted(served: Served) -> None:
    answer = served.post_form(
        EDITS,
        {"image": png(canvas()), "mask": png(clear_in_the_hole()), "prompt": "a disc", "n": "2"},
    )
    assert answer.status == 200
    pictures = [pixels_of(entry["b64_json"]) for entry in answer.document["data"]]
    assert len(pictures) == 2
    for picture in pictures:
        assert np.array_equal(picture[~hole()], canvas()[~hole()])
        assert not np.array_equal(picture[hole()], canvas()[hole()])
    assert not np.array_equal(*pictures)


def test_without_a_mask_the_pictures_own_transparency_counts(served: Served) -> None:
    fields = {"image[]": png(clear_in_the_hole()), "prompt": "a disc"}
    answer = served.post_form(EDITS, fields)
    assert answer.status == 200
    picture = pixels_of(answer.document["data"][0]["b64_json"])
    assert np.array_equal(picture[~hole()], clear_in_the_hole()[~hole()])
    assert (picture[..., 3] == 255).all()


def test_a_seed_repeats_a_picture(served: Served) -> None:
    fields: dict[str, str | bytes] = {"image": png(clear_in_the_hole()), "prompt": "x"}
    first = served.post_form(EDITS, fields).document
    assert served.post_form(EDITS, fields).document["data"] != first["data"]
    again = served.post_form(EDITS, fields | {"seed": str(first["seed"])})
    assert again.document["data"] == first["data"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"image": "no file"}, "image must be a file"),
        ({"image": b"no picture"}, "image cannot be read as an image"),
        ({"image": png(canvas())}, "no transparent pixels"),
        ({"mask": png(clear_in_the_hole()[:50])}, "mask"),
        ({"n": "many"}, "n must be a number"),
        ({"n": "17"}, "variants must lie between"),
        ({"seed": "-1"}, "seed must lie between"),
        ({"steps": "0"}, "steps must lie between"),
        ({"response_format": "url"}, "b64_json only"),
        ({"prompt": b"a file"}, "prompt must be text"),
    ],
)
def test_what_cannot_be_served_is_refused_by_a_sentence(
    served: Served, changes: dict[str, str | bytes], said: str
) -> None:
    fields: dict[str, str | bytes] = {"image": png(clear_in_the_hole()), "prompt": "a disc"}
    answer = served.post_form(EDITS, fields | changes)
    assert answer.status == 422
    assert said in answer.document["error"]["message"]


def test_other_bodies_than_forms_are_refused(served: Served) -> None:
    assert served.ask("POST", EDITS, b"{}", {"Content-Type": "application/json"}).status == 422
    kind = {"Content-Type": "multipart/form-data"}
    assert served.ask("POST", EDITS, b"--x", kind).status == 422


def test_the_result_says_that_parts_were_generated(served: Served) -> None:
    fields = {"image": png(clear_in_the_hole()), "prompt": "a disc"}
    entry = served.post_form(EDITS, fields).document["data"][0]["b64_json"]
    picture = picture_of(base64.b64decode(entry), Path("answer.png"))
    assert source_type(picture.metadata.xmp) == COMPOSITE
