"""Makes people.safetensors of a model folder: what people look like, for it to be told.

    npm install --prefix build/assets @lobehub/fluent-emoji-3d@1.1.0 @iconify-json/noto@1.2.9 \
        @iconify-json/twemoji@1.2.5 @iconify-json/fluent-emoji-flat@1.2.6 emoji-datasource@16.0.0
    python packaging/people_references.py build/assets [MODEL]

The people are those of section `people` in resources/train/concepts.toml. Its SHA-256 goes into the
model's config.json.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from lazydiff_core.model.checkpoint.checkpoint import PEOPLE, load_checkpoint
from lazydiff_core.model.references.lexicon import save_lexicon
from lazydiff_core.storage.safe_files import file_sha256
from lazydiff_core.training.people import SECTION, build_people
from lazydiff_core.training.vocabulary import read_concepts

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assets", type=Path, help="the folder with the installed picture sets")
    parser.add_argument("model", type=Path, nargs="?", default=ROOT / "resources/models/bundled")
    args = parser.parse_args()
    concepts = read_concepts(ROOT / "resources" / "train" / "concepts.toml", (SECTION,))
    people = build_people(args.assets, concepts, load_checkpoint(args.model).autoencoder)
    out: Path = args.model / PEOPLE
    save_lexicon(out, people)
    path = args.model / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["sha256"][out.stem] = file_sha256(out)
    path.write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    print(f"{out}: {out.stat().st_size / 1e6:.1f} MB, {len(people.spans)} words")


if __name__ == "__main__":
    main()
