"""Models on a hub, on the command line: size and licence are shown before anything comes."""

from __future__ import annotations

import sys
from pathlib import Path

from tqdm import tqdm

from lazydiff_core.errors import ModelError
from lazydiff_core.model_store import RegisteredModel, default_registry
from lazydiff_core.model_store.download import download, room_left
from lazydiff_core.model_store.hub_offer import HubOffer, look_up
from lazydiff_core.model_store.locate import locate_model, only_on_hub


def installed(model: str) -> Path:
    """The folder of a model, downloaded first if it was named by its hub id; see below."""
    ensure_installed(model)
    return locate_model(model)


def ensure_installed(model: str) -> None:
    """Download a model that was asked for by its hub id, unless it is here.

    On a terminal the user is asked first; a script has asked by naming the model. Raises ModelError
    and the errors of `download`.
    """
    if only_on_hub(model):
        fetch(look_up(model), agreed=not sys.stdin.isatty())


def fetch(offer: HubOffer, name: str = "", *, agreed: bool) -> RegisteredModel:
    """Show an offer, ask unless `agreed`, and download it with a progress bar.

    name: what to call it; "" = as the offer does.

    Raises ModelError without an agreement, and the errors of `download`.
    """
    registry = default_registry()
    print(offer.sentence(room_left(registry)), file=sys.stderr)
    print(f"It goes to {registry.downloads / offer.folder_name}.", file=sys.stderr)
    if not (agreed or _agreed()):
        raise ModelError("Nothing was downloaded: confirm with --yes.")
    with tqdm(total=offer.bytes, unit="B", unit_scale=True, file=sys.stderr, disable=None) as bar:

        def show(here: int, _all: int) -> None:
            bar.update(here - bar.n)

        return download(offer, registry, name, show)


def _agreed() -> bool:
    if not sys.stdin.isatty():
        return False
    print("Download it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
