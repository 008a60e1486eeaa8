from __future__ import annotations

from lazydiff_core.images.recipe_notes import edits_in, joined, note_of

BOX = [0, 0, 8, 8]


def test_files_are_told_by_their_names_alone() -> None:
    recipe = {
        "prompt": "a/b",
        "loras": "/far/away/ink.safetensors:0.8\n/mnt/glow.safetensors:1",
        "references": "/far/away/hat.png",
    }
    (edit,) = edits_in(note_of([{"box": BOX, "recipe": recipe}], 1000))
    assert edit["recipe"] == {
        "prompt": "a/b",
        "loras": "ink.safetensors:0.8\nglow.safetensors:1",
        "references": "hat.png",
    }
    assert recipe["references"] == "/far/away/hat.png"


def test_the_latest_edits_that_fit_are_kept() -> None:
    edits = [{"box": BOX, "recipe": {"prompt": f"{k:>40}"}} for k in range(10)]
    kept = edits_in(note_of(edits, 400))
    assert 0 < len(kept) < 10
    assert kept == edits[-len(kept) :]
    assert note_of(edits, 10) == ""


def test_what_is_strange_is_written_as_it_is() -> None:
    edits = [3, {"recipe": 3}, {"recipe": {"loras": 3}}]
    assert edits_in(note_of(edits, 1000)) == edits


def test_joining_tells_each_edit_once() -> None:
    first, second, third = ({"box": BOX, "recipe": {"prompt": text}} for text in "abc")
    note = joined(note_of([first, second], 1000), note_of([second, third], 1000), 1000)
    assert edits_in(note) == [first, second, third]
