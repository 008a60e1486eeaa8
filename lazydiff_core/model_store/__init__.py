"""The models that the user has added and the words they have taught; no torch."""

from lazydiff_core.model_store.registry import ModelRegistry as ModelRegistry
from lazydiff_core.model_store.registry import RegisteredModel as RegisteredModel
from lazydiff_core.model_store.registry import bundled_models as bundled_models
from lazydiff_core.model_store.registry import default_registry as default_registry
from lazydiff_core.model_store.taught_words import TaughtWords as TaughtWords
from lazydiff_core.model_store.taught_words import default_taught_words as default_taught_words
