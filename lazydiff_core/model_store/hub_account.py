"""The user's account on a hub, for models whose owners want to be asked first.

The token is kept by huggingface_hub, in its own file; it is in no setting and no log of LazyDiff.
"""

from __future__ import annotations

import os
from pathlib import Path

from lazydiff_core.errors import ModelError
from lazydiff_core.model_store.hub_requests import check_online, first_line

_VARIABLES = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")


def is_signed_in() -> bool:
    """Whether there is a token, in huggingface_hub's file or the environment; asks nobody."""
    from huggingface_hub import constants

    if any(os.environ.get(name, "").strip() for name in _VARIABLES):
        return True
    try:
        return bool(Path(constants.HF_TOKEN_PATH).read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        return False


def sign_in(token: str) -> None:
    """Have the hub check a token, and keep it; raises ModelError, whose words never hold it."""
    from huggingface_hub import login
    from huggingface_hub.errors import HfHubHTTPError

    token = token.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ModelError("This is not a token: copy it from the settings of your account.")
    check_online("The hub")
    try:
        login(token=token, add_to_git_credential=False)
    except (HfHubHTTPError, ValueError) as error:
        reason = first_line(error).replace(token, "…")
        raise ModelError(f"The hub does not accept this token: {reason}.") from None
    except Exception as error:  # network errors have other classes in each version of the library
        reason = first_line(error).replace(token, "…")
        raise ModelError(f"Signing in failed: {reason}.") from None


def sign_out() -> None:
    """Forget the token; raises ModelError where it is not huggingface_hub that keeps it."""
    from huggingface_hub import logout

    if any(os.environ.get(name, "").strip() for name in _VARIABLES):
        raise ModelError("The token comes from the variable HF_TOKEN: unset it where it is set.")
    try:
        logout()
    except OSError as error:
        raise ModelError(f"The token cannot be forgotten: {first_line(error)}.") from error
