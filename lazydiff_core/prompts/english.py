"""English words that are understood without a vocabulary: how many, how, in what colour, whose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lazydiff_core.images.colour_names import COLOURS, Colour
from lazydiff_core.prompts.skin import SKIN

# Other names of colours, and the shade that they stand for.
_SYNONYMS: Final = {
    "gray": Colour("grey"), "silver": Colour("grey", "light"), "golden": Colour("yellow"),
    "gold": Colour("yellow"), "crimson": Colour("red", "dark"), "scarlet": Colour("red"),
    "maroon": Colour("red", "dark"), "violet": Colour("purple"), "lilac": Colour("purple", "light"),
    "navy": Colour("blue", "dark"), "cyan": Colour("turquoise"), "aqua": Colour("turquoise"),
    "teal": Colour("turquoise", "dark"), "magenta": Colour("pink", "dark"),
    "beige": Colour("brown", "light"), "tan": Colour("brown", "light"),
    "ivory": Colour("white"), "amber": Colour("orange"),
}  # fmt: skip
SHADES: Final = {"light": "light", "pale": "light", "dark": "dark", "deep": "dark"}
# Words after which another thing is named than the one that a prompt is about.
ASIDES: Final = frozenset(
    ("with", "without", "in", "inside", "on", "at", "under", "above", "below", "near", "beside",
     "behind", "between", "by", "and", "over", "from", "into", "onto", "across", "against", "along",
     "around", "through", "towards", "beneath", "underneath", "among", "amid", "after",
     "wearing", "holding", "carrying")
)  # fmt: skip
# What something does to what is named after it ("a mouse eating cheese"): an aside, too.
VERBS: Final = frozenset(
    ("eating", "drinking", "riding", "playing", "flying",
     "chasing", "watching", "reading", "driving", "pulling", "pushing", "catching", "throwing",
     "kicking", "hugging", "kissing", "hunting", "painting", "cooking", "baking", "building",
     "making", "selling", "feeding", "picking", "smelling", "guarding", "fighting", "facing",
     "touching", "climbing", "jumping", "sitting", "standing", "lying", "hanging", "leaning",
     "resting", "sleeping", "floating", "swimming", "running", "walking", "dancing", "shining",
     "growing", "crossing", "covered", "filled", "surrounded", "full", "made", "waving",
     "smiling", "singing", "crying", "laughing", "barking", "rising", "setting", "falling",
     "blowing", "burning", "hiding", "looking", "waiting", "working", "knitting", "writing",
     "showing", "pointing", "skating", "surfing", "fishing", "sailing", "rowing", "glowing")
)  # fmt: skip
# Words after which it is named what is not to be there.
NEGATIONS: Final = frozenset(("without", "no", "not"))
NUMBERS: Final = {
    "two": 2, "couple": 2, "pair": 2, "three": 3, "few": 3, "four": 4, "several": 4, "group": 4,
    "five": 5, "bunch": 5, "flock": 5, "herd": 5, "row": 5, "pile": 5, "heap": 5, "stack": 5,
    "swarm": 7, "six": 6, "many": 6, "crowd": 6, "lots": 6,
    "seven": 7, "eight": 8, "nine": 9, **{str(n): n for n in range(2, 10)},
}  # fmt: skip
PLURAL: Final = 3  # how many are painted of things whose number is not said
# What comes in twos.
_PAIRED: Final = frozenset(
    ("shoes", "boots", "sneakers", "sandals", "skates", "ears", "legs", "feet", "hands")
)
# Names of styles, and their places in `lexicon.STYLES`.
STYLE_WORDS: Final = {"glossy": 0, "3d": 0, "cartoon": 1, "flat": 2, "simple": 3}
# What is understood and cannot be painted: more things than have room, and what they are like.
QUALITIES: Final = frozenset(
    ("ten", "eleven", "twelve", "dozen", "twenty", "hundred", "thousand",
     # how large, how old, how good
     "small", "little", "tiny", "mini", "miniature", "big", "large", "huge", "giant", "gigantic",
     "enormous", "massive", "tall", "short", "long", "wide", "narrow", "high", "low", "deep", "old",
     "ancient", "antique", "new", "young", "beautiful", "pretty", "lovely", "nice", "cute", "sweet",
     "adorable", "ugly", "elegant", "cool", "perfect", "great", "good", "bad",
     # what they feel
     "funny", "happy", "sad", "angry", "sleepy", "tired", "grumpy", "scared", "scary", "brave",
     "proud", "shy", "friendly", "evil", "crazy", "silly", "curious", "hungry", "lazy", "wise",
     # what they are made of, and how it looks
     "fluffy", "furry", "hairy", "soft", "hard", "smooth", "rough", "shiny", "matte",
     "bright", "dim", "fresh", "ripe", "rotten", "juicy", "colourful", "colorful",
     "wooden", "metallic", "plastic", "rubber", "woollen", "knitted", "woven",
     "cardboard", "round", "square", "curved", "pointed", "pointy", "sharp", "spiky", "thick",
     "thin", "heavy", "hollow", "striped", "spotted", "dotted", "checkered", "patterned", "ornate",
     "decorated", "decorative", "detailed", "realistic", "transparent", "translucent", "glowing",
     "shining", "sparkling", "glittering", "burning", "mossy", "muddy", "dusty", "rusty", "icy",
     "rocky", "sandy", "grassy", "leafy", "cracked", "ruined", "abandoned", "crumbling", "sliced",
     "baked", "fried", "grilled", "melted", "melting", "chopped", "peeled", "crossed", "folded",
     "wild", "tame", "single", "vintage", "retro", "modern", "futuristic", "medieval", "rustic",
     "traditional", "magic", "magical", "enchanted", "haunted", "cursed", "sacred", "royal",
     "poisonous", "toxic", "dangerous", "deadly", "domestic", "mysterious", "cosy", "cozy",
     "sleeping", "flying", "sitting", "open", "closed", "empty", "full", "half", "blooming",
     "flowering", "tasty", "delicious", "hot", "cold", "warm", "wet", "dry", "clean", "dirty",
     "broken", "damaged", "fat", "chubby", "slim", "steaming", "nerdy", "strong", "weak", "fast",
     "slow", "quiet", "loud", "rich", "poor", "lonely", "lost", "distant", "male", "female",
     # weather, seasons, hours
     "snowy", "rainy", "sunny", "frozen", "misty", "foggy", "windy", "stormy", "cloudy", "starry",
     "moonlit", "sunlit", "spooky", "spring", "summer", "autumn", "autumnal", "winter", "wintry",
     "tropical", "polar", "halloween", "easter",
     # how they are drawn
     "pixel", "pixelated", "art", "watercolour", "watercolor", "isometric", "minimalist",
     "seamless", "texture", "pastel", "neon", "vivid", "style", "toy", "cartoonish")
)  # fmt: skip
# Words that say nothing of what is to be painted.
FILLERS: Final = frozenset(
    ("a", "an", "the", "of", "some", "this", "that", "these", "those", "is", "are", "it", "its",
     "to", "for", "one", "colour", "color", "coloured", "colored", "picture", "painting",
     "drawing", "image", "illustration", "my", "your", "his", "her", "their", "our", "very",
     "really", "so", "but", "as", "while", "who", "which")
)  # fmt: skip

# How a plural ends -> how its word may: roses, boxes, potatoes, berries, leaves, knives.
_PLURALS = (
    ("ies", ("y", "ie")),
    ("ves", ("f", "fe", "ve")),
    ("es", ("e", "")),
    ("s", ("",)),
)
_IRREGULAR = {
    "cacti": "cactus",
    "children": "child",
    "feet": "foot",
    "geese": "goose",
    "men": "man",
    "mice": "mouse",
    "octopi": "octopus",
    "oxen": "ox",
    "people": "person",
    "teeth": "tooth",
    "women": "woman",
}


def singular(phrase: str) -> Iterator[str]:
    """A phrase as it is, then what it may be the plural of."""
    yield phrase
    *before, word = phrase.split() or [""]
    if word in _IRREGULAR:
        yield " ".join([*before, _IRREGULAR[word]])
    for plural, ends in _PLURALS:
        if phrase.endswith(plural) and not phrase.endswith("ss"):
            yield from (phrase.removesuffix(plural) + end for end in ends)


def number_of(plural: str) -> int:
    """How many are painted of what a plural names, where it is not said."""
    return 2 if plural.split()[-1] in _PAIRED else PLURAL


def colour_of(word: str) -> Colour | None:
    """The colour that an English word names."""
    return Colour(word) if word in COLOURS else _SYNONYMS.get(word)


def is_grammar(word: str) -> bool:
    """Whether an English word is understood without a vocabulary."""
    groups = (FILLERS, ASIDES, VERBS, NEGATIONS, NUMBERS, SHADES, QUALITIES, STYLE_WORDS, SKIN)
    return colour_of(word) is not None or any(word in group for group in groups)
