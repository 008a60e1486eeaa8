"""Requests to a hub, and the words for what comes back."""

from __future__ import annotations

import http
from typing import Final
from urllib.error import HTTPError
from urllib.request import Request

from lazydiff_core.errors import ModelError
from lazydiff_core.offline import is_offline

PATIENCE_SECONDS: Final = 20.0
_FORBIDDEN: Final = (http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN)


def check_online(what: str) -> None:
    """Raises ModelError if LazyDiff is offline, so that `what` is not asked for."""
    if is_offline():
        raise ModelError(
            f"{what} cannot be reached while LazyDiff is offline: switch Offline off, or unset "
            "HF_HUB_OFFLINE."
        )


def file_request(hub_id: str, commit: str, name: str, endpoint: str | None) -> Request:
    """A request for a file of a hub, with the user's token if there is one.

    Raises ModelError if LazyDiff is offline.
    """
    from huggingface_hub import get_token, hf_hub_url

    check_online("The hub")
    url = hf_hub_url(hub_id, name, revision=commit, endpoint=endpoint)
    request = Request(url, headers={"User-Agent": "lazydiff", "Accept-Encoding": "identity"})
    token = get_token()
    if token:  # unredirected: the token must not reach a host the hub redirects to
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    return request


def gated(hub_id: str, endpoint: str | None) -> ModelError:
    """The error for a model whose owner wants to be asked first."""
    from huggingface_hub import constants

    return ModelError(
        f"The owner of {hub_id} wants to be asked first: agree to the terms on "
        f"{endpoint or constants.ENDPOINT}/{hub_id}, and sign in with a token (in the window's "
        "models, or by hf auth login)."
    )


def is_forbidden(error: HTTPError) -> bool:
    """Whether a hub refused a file until its owner agrees."""
    return error.code in _FORBIDDEN


def first_line(error: Exception) -> str:
    """The first line of a message, without its full stop."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def megabytes(size: int) -> str:
    """A size in bytes as text, such as "1.5 GB"."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
