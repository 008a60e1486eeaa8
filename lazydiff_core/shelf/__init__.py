"""The models that this user has added or downloaded; free of torch, and known to the window."""

from lazydiff_core.shelf.registry import Shelf as Shelf
from lazydiff_core.shelf.registry import ShelvedModel as ShelvedModel
from lazydiff_core.shelf.registry import bundled_models as bundled_models
from lazydiff_core.shelf.registry import usual_shelf as usual_shelf
