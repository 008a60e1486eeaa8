"""The models that this user has added, the words they taught; free of torch."""

from lazydiff_core.shelf.registry import Shelf as Shelf
from lazydiff_core.shelf.registry import ShelvedModel as ShelvedModel
from lazydiff_core.shelf.registry import bundled_models as bundled_models
from lazydiff_core.shelf.registry import usual_shelf as usual_shelf
from lazydiff_core.shelf.words import Words as Words
from lazydiff_core.shelf.words import usual_words as usual_words
