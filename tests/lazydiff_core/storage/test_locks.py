"""One at a time, and the file goes where it is not to stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from lazydiff_core.errors import ModelError
from lazydiff_core.storage.locks import locked


@pytest.mark.parametrize("stays", [True, False])
def test_another_is_refused_until_it_is_free(tmp_path: Path, stays: bool) -> None:
    path = tmp_path / "new" / ".lock"
    with locked(path, ModelError("busy"), stays=stays):
        with pytest.raises(ModelError, match="busy"), locked(path, ModelError("busy"), stays=False):
            pass
        assert path.exists(), "who is refused takes nothing away"
    assert path.exists() == stays
    with locked(path, ModelError("busy")):
        pass
