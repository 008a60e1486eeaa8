"""The keys of each action: defaults from the table, then a preset, then the artist's own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from app.actions import ACTIONS
from app.system.settings import SettingsStore
from lazydiff_core.storage.resources import resource

Keys: TypeAlias = tuple[str, ...]
_FILES = ("photoshop", "krita")
_PORTABLE = QKeySequence.SequenceFormat.PortableText
_NATIVE = QKeySequence.SequenceFormat.NativeText
TABLE: Mapping[str, Keys] = {row.id: row.keys for row in ACTIONS}


@dataclass(frozen=True)
class Preset:
    """A set of keys known from another program; `keys` holds only actions that differ."""

    title: str
    keys: Mapping[str, Keys]


@cache
def presets() -> Mapping[str, Preset]:
    """All presets by name, in menu order; the first has the defaults of the table."""
    return {"lazydiff": Preset("LazyDiff", {}), **{name: _read(name) for name in _FILES}}


def resolved(*layers: Mapping[str, Keys]) -> dict[str, Keys]:
    """The keys of every action in the layers, lowest layer first.

    The last layer that names an action decides its keys. If layers give a key to several actions,
    the last layer wins, so no key has two meanings.
    """
    keys: dict[str, Keys] = {}
    for layer in layers:
        taken = {key for wanted in layer.values() for key in wanted}
        kept = {name: tuple(key for key in had if key not in taken) for name, had in keys.items()}
        keys = kept | dict(layer)
    return keys


def plain(key: str) -> str:
    """A key in its stored form, such as "Ctrl+Shift+A"; "" if `key` is not a key."""
    return QKeySequence(key).toString(_PORTABLE)


def written(keys: Iterable[str], most: int | None = None) -> str:
    """Keys in the system's notation and the artist's language; both Enter keys are one."""
    sequences = (QKeySequence(key.replace("Return", "Enter")) for key in keys)
    return ", ".join(list(dict.fromkeys(keys.toString(_NATIVE) for keys in sequences))[:most])


class Keymap(QObject):
    """The current keys. Every change is saved to the settings at once."""

    changed = Signal()

    def __init__(self, settings: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._own = _unpacked(settings.value.own_keys)
        self._keys = self._resolved()

    @property
    def preset(self) -> str:
        """The name of the preset; an unknown name counts as the default."""
        name = self._settings.value.key_preset
        return name if name in presets() else next(iter(presets()))

    def use_preset(self, name: str) -> None:
        """Switch to another preset; the artist's own keys still override it."""
        self._settings.update(key_preset=name)
        self._renew()

    def keys(self, action: str) -> Keys:
        return self._keys[action]

    def text(self, action: str) -> str:
        """The first key of an action in the system's notation; "" if it has none."""
        return written(self._keys[action][:1])

    def is_own(self, action: str) -> bool:
        """Whether the artist has set the keys of an action."""
        return action in self._own

    def owner(self, key: str) -> str | None:
        """The action that currently has a key; None if none has."""
        return next((name for name, keys in self._keys.items() if plain(key) in keys), None)

    def set(self, action: str, keys: Iterable[str]) -> None:
        """Give these keys to an action and take them from all others."""
        wanted = tuple(dict.fromkeys(filter(None, map(plain, keys))))
        self._own = resolved(self._own, {action: wanted})
        self._renew()

    def reset(self, action: str) -> None:
        """Reset an action to the keys of the preset."""
        self._own.pop(action, None)
        self._renew()

    def reset_all(self) -> None:
        self._own = {}
        self._renew()

    def _renew(self) -> None:
        self._settings.update(own_keys=_packed(self._own))
        self._keys = self._resolved()
        self.changed.emit()

    def _resolved(self) -> dict[str, Keys]:
        return resolved(TABLE, presets()[self.preset].keys, self._own)


def _read(name: str) -> Preset:
    found = tomllib.loads(resource(f"presets/{name}.toml").read_text(encoding="utf-8"))
    return Preset(found["title"], {name: tuple(keys) for name, keys in found["keys"].items()})


def _packed(own: Mapping[str, Keys]) -> tuple[str, ...]:
    """The artist's keys as lines for the settings: an action and its keys, separated by tabs."""
    return tuple("\t".join((name, *keys)) for name, keys in own.items())


def _unpacked(rows: Iterable[str]) -> dict[str, Keys]:
    """The inverse of `_packed`; unknown actions and keys are dropped."""
    own: dict[str, Keys] = {}
    for row in rows:
        name, *keys = row.split("\t")
        if name in TABLE:
            own = resolved(own, {name: tuple(filter(None, map(plain, keys)))})
    return own
