"""`lazydiff models`: shows, adds, downloads and removes models."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lazydiff_core.cli.command import Command, Group, Report
from lazydiff_core.cli.hub_models import fetch
from lazydiff_core.cli.paint.init_pixart import INIT_PIXART
from lazydiff_core.cli.paint.measure_model import MEASURE
from lazydiff_core.errors import ModelError
from lazydiff_core.model_store import (
    RegisteredModel,
    bundled_models,
    default_registry,
)
from lazydiff_core.model_store.comfyui import add_models, is_comfyui
from lazydiff_core.model_store.hub_offer import look_up
from lazydiff_core.model_store.licences import sale_of
from lazydiff_core.model_store.locate import locate_model
from lazydiff_core.model_store.model_card import read_card
from lazydiff_core.model_store.registry import CONFIGS
from lazydiff_core.model_store.single_files import recognise
from lazydiff_core.storage.safe_files import file_sha256

if TYPE_CHECKING:
    from lazydiff_core.model_store.recommendation import Recommendation


def _list(args: Namespace) -> Report:
    rows = [_row(model) for model in _installed()]
    text = "\n".join(_line(row) for row in rows)
    return Report(rows, text or "No model is installed.")


def _info(args: Namespace) -> Report:
    folder = _folder(args.model)
    files = [_file(path) for path in sorted(_files_of(folder))]
    card, config = read_card(folder), _config(folder)
    document = {
        "name": folder.name,
        "path": str(folder),
        "bytes": sum(file["bytes"] for file in files),
        "licence": card.licence,
        "sale": sale_of(card.licence),
        "attribution": card.attribution,
        "config": config,
        "files": files,
    }
    lines = [f"{folder.name} in {folder}", card.sentence, json.dumps(_brief(config), indent=2)]
    lines += [f"{_megabytes(f['bytes'])}  {f['name']}  sha256 {f['sha256']}" for f in files]
    return Report(document, "\n".join(lines))


def _brief(config: Any) -> Any:
    """A config with the number of what a model knows in place of all the words."""
    if not isinstance(config, dict) or not isinstance(config.get("concepts"), list):
        return config
    return config | {"concepts": len(config["concepts"])}


def _add(args: Namespace) -> Report:
    path: Path = args.path
    if is_comfyui(path):
        return _add_all(path)
    if path.is_file():
        recognise(path)
    model = default_registry().add(path, args.name or "")
    return Report(_row(model), f"{model.name} is {model.path} from now on.")


def _add_all(path: Path) -> Report:
    """Add every file of a ComfyUI that holds a model for LazyDiff."""
    models, left_out = add_models(path, default_registry())
    added = [_row(model) for model in models]
    skipped = [{"path": str(file), "why": why} for file, why in left_out.items()]
    lines = [f"{row['name']} is {row['path']} from now on." for row in added]
    lines += [f"left out: {row['why']}" for row in skipped]
    return Report({"added": added, "skipped": skipped}, "\n".join(lines) or "No model is there.")


def _remove(args: Namespace) -> Report:
    registry = default_registry()
    model = registry.find(args.model)
    deletes = model is not None and registry.owns(model)
    gone = registry.remove(args.model)
    what = f"{gone.path} was deleted." if deletes else f"{gone.path} stays as it is."
    document = {"name": gone.name, "path": str(gone.path), "deleted": deletes}
    return Report(document, f"{gone.name} is forgotten. {what}")


def _download(args: Namespace) -> Report:
    offer = look_up(args.model, args.revision)
    if args.without_weights:
        offer = offer.without_weights()
        model = fetch(offer, args.name or "", agreed=args.yes)
        return Report(_row(model), f"{model.name} lends to checkpoints in one file from now on.")
    model = fetch(offer, args.name or "", agreed=args.yes)
    return Report(_row(model), f"{model.name} is in {model.path}: use it by --model {model.name}")


def _installed() -> list[RegisteredModel]:
    """The models shipped with the program and those added by the user."""
    bundled = [RegisteredModel(folder.name, folder) for folder in bundled_models()]
    return [*bundled, *default_registry().models()]


def _row(model: RegisteredModel) -> dict[str, Any]:
    row: dict[str, Any] = {"name": model.name, "path": str(model.path), "bytes": _bytes(model.path)}
    if model.source:
        row["source"] = model.source
    if not model.is_there:
        row["missing"] = True
    return row


def _line(row: dict[str, Any]) -> str:
    note = "  (not there any more)" if row.get("missing") else ""
    return f"{row['name']:16} {_megabytes(row['bytes'])}  {row['path']}{note}"


def _folder(model: str) -> Path:
    """The folder of an installed model, by its name or path."""
    named = (known.path for known in _installed() if known.name == model)
    folder = next(named, None) or locate_model(model)
    if not RegisteredModel(model, folder).is_there:
        raise ModelError(f"{folder} is not a model folder: it has no {' or '.join(CONFIGS)}.")
    return folder


def _configs(folder: Path) -> list[Path]:
    return [folder / name for name in CONFIGS if (folder / name).is_file()]


def _files_of(model: Path) -> list[Path]:
    return [model] if model.is_file() else [path for path in model.rglob("*") if path.is_file()]


def _config(folder: Path) -> Any:
    if folder.is_file():
        return {"width": recognise(folder).width}
    path = _configs(folder)[0]
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: install the model again.") from error


def _file(path: Path) -> dict[str, Any]:
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": file_sha256(path)}


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in _files_of(folder))


def _megabytes(size: int) -> str:
    return f"{size / 1e6:8.1f} MB"


def _recommend(args: Namespace) -> Report:
    from lazydiff_core.backends.recommending import recommend
    from lazydiff_core.model.files.devices import choose_device

    rows = recommend(choose_device(args.device), default_registry())
    lines = [*map(_recommended, rows), *_segmenter()]
    return Report([row.to_dict() for row in rows], "\n".join(lines))


def _segmenter() -> list[str]:
    """The model that selects objects, where there is none yet."""
    from lazydiff_core.model_store.catalogue import SEGMENTER
    from lazydiff_core.model_store.segmenters import segmenter_folder

    if segmenter_folder() is not None:
        return []
    return [
        f"{SEGMENTER.title}: selects objects by a click, better than the way built in, "
        f"{SEGMENTER.gb:g} GB to download, licence {SEGMENTER.licence}\n"
        f"  lazydiff models download {SEGMENTER.id}"
    ]


def _recommended(row: Recommendation) -> str:
    size = "here already" if row.installed else f"{row.gb:g} GB to download"
    asked = ", ask its owner first" if row.gated else ""
    return (
        f"{row.name}: {row.quality}, {size}, licence {row.licence} ({row.may_i_sell}{asked})\n"
        f"  {'fits' if row.fits else 'does not fit'}: {row.plan}"
        + (f" About {_roughly(row.seconds)} a fill." if row.fits else "")
        + ("" if row.installed else f"\n  lazydiff models download {row.id}")
    )


def _roughly(seconds: float) -> str:
    """An estimated number of seconds, as people say it."""
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{round(seconds / size, 1):g} {unit}"
    return f"{seconds:g} s"


def _add_recommend_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--device", metavar="D", help="default: the best there is")


def _add_info_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("model", help="name of an installed model, or a model folder")


def _add_add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "path",
        type=Path,
        help="a model's folder or file, a ComfyUI or its extra_model_paths.yaml; all stay in place",
    )
    parser.add_argument("--name", help="what to call it (default: as its folder)")


def _add_remove_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("model", help="name of a model that was added or downloaded")


def _add_download_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("model", metavar="OWNER/NAME", help="its id on the hub")
    parser.add_argument("--revision", help="a branch, tag or commit (default: the latest)")
    parser.add_argument("--name", help="what to call it (default: OWNER--NAME)")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument(
        "--without-weights",
        action="store_true",
        help="descriptions and tokenizers alone, for checkpoints in one file",
    )


MODELS = Group(
    "models",
    "Show, recommend, add, download and remove models, or make one to train.",
    (
        Command("list", "List the installed models.", _list),
        Command("info", "Show one model's sizes and files.", _info, _add_info_arguments),
        Command("add", "Give a model a name.", _add, _add_add_arguments),
        Command(
            "remove",
            "Forget a model; one that was downloaded is deleted.",
            _remove,
            _add_remove_arguments,
        ),
        Command(
            "download",
            "Download a model from a hub: safetensors only, checked, resumable.",
            _download,
            _add_download_arguments,
        ),
        Command(
            "recommend",
            "Which public models fit this machine, and what a fill would take.",
            _recommend,
            _add_recommend_arguments,
        ),
        MEASURE,
        INIT_PIXART,
    ),
)
