"""The models that this user has added, the words they taught; free of torch."""

from lazydiff_core.model_store.registry import Shelf as Shelf
from lazydiff_core.model_store.registry import ShelvedModel as ShelvedModel
from lazydiff_core.model_store.registry import bundled_models as bundled_models
from lazydiff_core.model_store.registry import usual_shelf as usual_shelf
from lazydiff_core.model_store.taught_words import Words as Words
from lazydiff_core.model_store.taught_words import usual_words as usual_words
