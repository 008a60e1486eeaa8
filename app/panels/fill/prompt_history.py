"""The prompts that were used, latest first."""

from __future__ import annotations

from app.system.settings import SettingsStore

MAX_PROMPTS = 50
_MAX_LETTERS = 500


class PastPrompts:
    """Kept in the settings, on this computer only."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    @property
    def all(self) -> tuple[str, ...]:
        return self._settings.value.prompts

    def remember(self, prompt: str) -> None:
        """Put a prompt at the head; an empty one, or one that goes on for pages, is no help."""
        if prompt and len(prompt) <= _MAX_LETTERS:
            others = (other for other in self.all if other != prompt)
            self._settings.update(prompts=(prompt, *others)[:MAX_PROMPTS])

    def forget(self) -> None:
        self._settings.update(prompts=())
