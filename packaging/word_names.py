"""Makes resources/words/names.json.xz: the names of the vocabulary's pictures in many languages.

    npm install --prefix build/words cldr-annotations-full@48.2.0 \
        cldr-annotations-derived-full@48.2.0 emoji-datasource@16.0.0
    python packaging/word_names.py build/words/node_modules

From Unicode's CLDR annotations (Unicode licence): the name of each picture, and those of its
keywords that are a part of its name or hold it ("Pilz", "Fliegenpilz"). Others say what a picture
stands for ("giftig"), and annotations do not tell which do. Of a keyword that several pictures
share, the English one that the same pictures share says which of them is meant (a tree).
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lazydiff_core.images.colour_names import COLOURS
from lazydiff_core.prompts.languages import ENGLISH, NEAR, Language, fold, languages
from lazydiff_core.training.vocabulary import read_concepts

ROOT = Path(__file__).resolve().parents[1]
CONCEPTS = ROOT / "resources" / "train" / "concepts.toml"
OUT = ROOT / "resources" / "words" / "names.json.xz"
TRADITIONAL = {"zh": ("zh", "zh-Hant")}  # more than one writing of a language
ALIKE = 0.5  # of the pictures of two keywords, that both have
FEW = 3  # letters of a Latin word that is no mere ending

SPACELESS = re.compile("[\u3040-\u30ff\u3400-\u9fff]")

Keywords = dict[str, set[str]]  # folded keyword -> concepts


def annotated(modules: Path, code: str) -> dict[str, dict[str, list[str]]]:
    """Picture -> its name ("tts") and keywords ("default")."""
    found: dict[str, dict[str, list[str]]] = {}
    for package, kind in (
        ("cldr-annotations-full", "annotations"),
        ("cldr-annotations-derived-full", "annotationsDerived"),
    ):
        for tag in TRADITIONAL.get(code, (code,)):
            path = modules / package / kind / tag / "annotations.json"
            if not path.exists():
                continue
            (table,) = json.loads(path.read_text(encoding="utf-8")).values()
            for picture, words in table["annotations"].items():
                row = found.setdefault(picture.replace("\ufe0f", ""), {"tts": [], "default": []})
                for key in row:
                    row[key] += words.get(key, [])
    return found


def pictures(modules: Path, concepts: Mapping[str, Any]) -> dict[str, str]:
    """Concept -> its picture."""
    table = json.loads((modules / "emoji-datasource" / "emoji.json").read_text(encoding="utf-8"))
    codes = {short: row["unified"] for row in reversed(table) for short in row["short_names"]}
    return {
        name: "".join(chr(int(code, 16)) for code in codes[name].split("-")).replace("\ufe0f", "")
        for name in concepts
        if name in codes  # scenery of our own has no name there
    }


def plain_phrase(phrases: tuple[str, ...], name: str) -> str:
    """How a concept is best asked for: as its English name, or without a colour."""
    bare = [said for said in phrases if not set(said.split()) & set(COLOURS)]
    return name if name in phrases else (bare or list(phrases))[0]


def keywords(table: Mapping[str, dict[str, list[str]]], shown: Mapping[str, str]) -> Keywords:
    found: Keywords = defaultdict(set)
    for concept, picture in shown.items():
        for word in table.get(picture, {}).get("default", ()):
            found[word.strip()].add(concept)
    return found


class Names:
    """What some concepts are called."""

    def __init__(self, modules: Path, concepts: Mapping[str, tuple[str, ...]]) -> None:
        self.modules, self.shown = modules, pictures(modules, concepts)
        table = annotated(modules, ENGLISH)
        self.plain = {
            concept: plain_phrase(concepts[concept], table[picture]["tts"][0].lower())
            for concept, picture in self.shown.items()
        }
        own = keywords(table, self.shown)
        self.english = {
            phrase: own.get(phrase, set()) | {name}
            for name, phrases in concepts.items()
            for phrase in phrases
        }
        self.meant = {phrase: name for name, phrases in concepts.items() for phrase in phrases}

    def of(self, code: str, own: Language) -> dict[str, str]:
        """What is said in one language -> an English phrase, behind NEAR where it is only close."""
        table = annotated(self.modules, code)
        return names(table, self.shown, self.plain, self.english, self.meant, own)


def names(
    table: Mapping[str, dict[str, list[str]]],
    shown: Mapping[str, str],
    plain: Mapping[str, str],
    english: Mapping[str, set[str]],
    meant: Mapping[str, str],
    own: Language,
) -> dict[str, str]:
    """What is said in one language -> an English phrase, behind NEAR where it is only close."""
    called = {
        concept: [
            name.strip()
            for name in table.get(picture, {}).get("tts", ())
            if not re.search(r":\s|\uff1a", name)  # "woman: red hair" is how nobody asks
        ]
        for concept, picture in shown.items()
    }
    said: dict[str, str] = {}
    for concept, listed in called.items():
        for name in listed:
            said.setdefault(name, plain[concept])
    for concept, listed in called.items():
        for name in listed:  # what is in brackets only says of whom: "Surfer(in)"
            said.setdefault(name.partition("(")[0].strip() or name, plain[concept])
    for word, concepts in keywords(table, shown).items():
        known = own.word(word)
        if word in said or (known is not None and not known.near):
            continue
        phrase = _shared(concepts, english)
        concept = meant[phrase] if len(concepts) > 1 and phrase else next(iter(concepts))
        if (len(concepts) == 1 or phrase) and any(_akin(word, name) for name in called[concept]):
            said[word] = phrase if len(concepts) > 1 else NEAR + plain[concept]
    return said


def _shared(concepts: set[str], english: Mapping[str, set[str]]) -> str:
    """The English phrase whose pictures are most like these; "" where none has half of them."""
    near = {e: len(concepts & own) / len(concepts | own) for e, own in english.items()}
    best = max(near, key=lambda e: near[e])
    return best if near[best] >= ALIKE else ""


def _akin(word: str, name: str) -> bool:
    """Whether a word is what a name begins or ends with, or has the name in it.

    In scripts without spaces, what comes first only says of which kind the last is.
    """
    word, name = fold(word), fold(name)
    begins = name.startswith(word) and not SPACELESS.match(name)
    is_word = len(word) >= FEW or not word.isascii()
    return is_word and (begins or name.endswith(word) or name in word)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", type=Path, help="the node_modules folder with the packages")
    modules: Path = parser.parse_args().modules
    rows = []
    things, people = (
        Names(modules, read_concepts(CONCEPTS, sections))
        for sections in (("core", "more"), ("people",))
    )
    for code, language in languages({}).items():
        said = things.of(code, language)
        for name, english in people.of(code, language).items():
            is_closer = said.get(name, NEAR).startswith(NEAR) and not english.startswith(NEAR)
            if name not in said or is_closer:
                said[name] = english
        rows.append((code, said))
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    OUT.write_bytes(lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{OUT}: {OUT.stat().st_size / 1000:.0f} kB, {len(rows)} languages")


if __name__ == "__main__":
    main()
