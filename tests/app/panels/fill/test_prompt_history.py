from __future__ import annotations

from app.panels.fill.prompt_history import MAX_PROMPTS, PastPrompts
from app.system.settings import SettingsStore


def test_the_latest_comes_first_and_each_only_once(settings: SettingsStore) -> None:
    past = PastPrompts(settings)
    for prompt in ("a cat", "a dog", "", "a cat", "x" * 501):
        past.remember(prompt)
    assert past.all == ("a cat", "a dog")


def test_they_are_capped_kept_and_forgotten(settings: SettingsStore) -> None:
    past = PastPrompts(settings)
    for number in range(MAX_PROMPTS + 5):
        past.remember(f"cat {number}")
    assert len(past.all) == MAX_PROMPTS
    assert past.all[0] == f"cat {MAX_PROMPTS + 4}"
    again = PastPrompts(SettingsStore(settings.folder / "window.json"))
    assert again.all == past.all
    again.forget()
    assert PastPrompts(SettingsStore(settings.folder / "window.json")).all == ()
