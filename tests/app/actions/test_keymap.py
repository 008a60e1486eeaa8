from __future__ import annotations

import re
from collections import Counter
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.actions import ACTIONS
from app.actions.keymap import TABLE, Keymap, plain, presets, resolved, written
from app.system.settings import SettingsStore
from lazydiff_core.storage.resources import resource

PRESETS = list(presets())
LAYER = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("123456")), unique_by=lambda pair: pair[1]
).map(lambda pairs: {name: tuple(k for n, k in pairs if n == name) for name, _ in pairs})


@given(st.lists(LAYER))
def test_no_key_means_two_things_and_the_last_layer_has_its_way(
    layers: list[dict[str, tuple[str, ...]]],
) -> None:
    keys = resolved(*layers)
    assert max(Counter(key for has in keys.values() for key in has).values(), default=1) == 1
    if layers:
        assert all(keys[name] == wanted for name, wanted in layers[-1].items())


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_leaves_every_action_a_key_and_names_only_what_is_there(name: str) -> None:
    preset = presets()[name]
    assert set(preset.keys) <= set(TABLE)
    assert all(key and plain(key) == key for keys in preset.keys.values() for key in keys)
    keys = resolved(TABLE, preset.keys)
    assert [row.id for row in ACTIONS if row.keys and not keys[row.id]] == []


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("lazydiff", {"clear": "Ctrl+D", "tool-brush": "B", "fit": "Ctrl+0", "mirror": "Shift+H"}),
        ("photoshop", {"clear": "Ctrl+D", "invert": "Ctrl+Shift+I", "palette": "Ctrl+F"}),
        ("krita", {"clear": "Ctrl+Shift+A", "mirror": "M", "tool-rectangle": "Ctrl+R", "fit": "2"}),
    ],
)
def test_presets_have_what_artists_know(
    settings: SettingsStore, preset: str, expected: dict[str, str]
) -> None:
    keymap = Keymap(settings)
    keymap.use_preset(preset)
    assert {name: keymap.keys(name)[0] for name in expected} == expected


def test_own_keys_are_kept_and_lie_on_top_of_every_preset(settings: SettingsStore) -> None:
    Keymap(settings).set("invert", ["ctrl+d", "F9"])
    again = Keymap(SettingsStore(settings.folder / "window.json"))
    assert again.keys("invert") == ("Ctrl+D", "F9")
    assert again.keys("clear") == ()
    assert again.is_own("invert")
    again.use_preset("krita")
    assert again.keys("invert") == ("Ctrl+D", "F9")
    assert again.keys("clear") == ("Ctrl+Shift+A",)


def test_resetting_gives_back_what_was_taken(settings: SettingsStore) -> None:
    keymap = Keymap(settings)
    keymap.set("invert", ["Ctrl+D"])
    assert keymap.owner("Ctrl+D") == "invert"
    keymap.set("grow", ["F9"])
    keymap.reset("invert")
    assert keymap.owner("Ctrl+D") == "clear"
    keymap.reset_all()
    assert all(keymap.keys(row.id) == row.keys for row in ACTIONS)


def test_one_own_key_takes_from_another(settings: SettingsStore) -> None:
    keymap = Keymap(settings)
    keymap.set("invert", ["F9", "F10"])
    keymap.set("grow", ["F9"])
    assert keymap.keys("invert") == ("F10",)
    keymap.set("grow", [])
    assert keymap.keys("grow") == ()
    assert keymap.is_own("grow")


def test_settings_that_make_no_sense_change_nothing(settings: SettingsStore) -> None:
    settings.update(key_preset="emacs", own_keys=("", "nonsense\tCtrl+D", "clear\tnot a key\tF2"))
    keymap = Keymap(settings)
    assert keymap.preset == "lazydiff"
    assert keymap.keys("clear") == ("F2",)
    assert keymap.keys("invert") == ("Ctrl+Shift+I",)


def test_keys_are_written_as_the_system_does() -> None:
    assert written(("Ctrl+Shift+Z", "Ctrl+Y")) == "Ctrl+Shift+Z, Ctrl+Y"
    assert written(("Ctrl+Return", "Ctrl+Enter", "Shift+Return"), 1) == "Ctrl+Enter"
    assert written(()) == ""


def test_no_text_names_a_key_that_can_be_changed() -> None:
    file = resource("translations/lazydiff_de.ts")
    sources = [found.text or "" for found in ElementTree.parse(file).iter("source")]
    keys = {key for keys in TABLE.values() for key in keys if "+" in key[:-1]} | {"F1", "F6"}
    named = [
        (text, key)
        for text in sources
        for key in keys
        if re.search(rf"(?<![\w+]){re.escape(key)}(?![\w+])", text)
    ]
    assert named == []
