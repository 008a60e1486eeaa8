"""Whether a model flags prompts with unknown words, and accepts known ones."""

from __future__ import annotations

from lazydiff_core.evaluation import definitions
from lazydiff_core.evaluation.intervals import share
from lazydiff_core.evaluation.scores.task import Fills, Measured, Score, Setup, Task
from lazydiff_core.evaluation.thing_trials import noun_of

# Made up, or the names of what no set of illustrations shows.
UNKNOWN = (
    "zorblax", "a quindle", "two flombers", "red vorpel", "wooden snarkbox", "a tall gribnak",
    "blue mimsy borogove", "my grandmother", "portrait of Napoleon", "the Treaty of Westphalia",
    "photosynthesis", "inflation", "a syllogism", "jealousy", "bureaucracy", "plate tectonics",
    "a rectified hypotenuse", "Wagner's third opera", "oligarchy in ruins", "a carburettor gasket",
    "cat riding a zorblax", "a house made of flumbium", "red tulip beside a gribnak",
    "apple with krellish markings", "an elephant playing sudoku", "a boat full of wexels",
    "balloon shaped like a trapezohedron", "a car by Bertone", "mushroom and quindle",
    "grass with plastrons", "sea of tribbles", "brick wall with stucco pilasters",
    "a bird called Humphrey", "green vorpel and a chair", "snoffle", "a dark brown wexel",
    "heart of the algorithm", "a key to Ravensgate", "rose in a cloisonne jardiniere", "umlaut",
)  # fmt: skip
GUESSED = ("unknown", "nearest")


def unknown(setup: Setup) -> Task:
    """unknown_flagged and known_flagged; nothing for a model that reads whole texts."""

    def measure(fills: Fills) -> Measured:
        known = [noun_of(setup.kit, concept) for concept in setup.kit.thing_names]
        prompts = [*UNKNOWN, *known]
        kinds = [{part.kind for part in setup.understood(prompt)} for prompt in prompts]
        if any("text" in found for found in kinds):
            return Measured([])
        flagged = [bool(found & set(GUESSED)) for found in kinds]
        return Measured(
            [
                Score(definitions.UNKNOWN_FLAGGED, share(flagged[: len(UNKNOWN)])),
                Score(definitions.KNOWN_FLAGGED, share(flagged[len(UNKNOWN) :])),
            ]
        )

    return Task({}, measure)
