"""`lazydiff data prepare`: makes shards for `lazydiff train model` from a folder of pictures."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.hub_models import ensure_installed
from lazydiff_core.cli.progress_bar import counting
from lazydiff_core.cli.values import add_shard_argument, number, whole_number
from lazydiff_core.errors import InputError

if TYPE_CHECKING:
    from lazydiff_core.training.entities.entity import EntitySource


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="folder of pictures")
    parser.add_argument("--out", type=Path, required=True, help="folder for the shards")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--segmenter",
        metavar="MODEL",
        help="folder or hub id of a segmentation model (Mask2Former, OneFormer, SAM ...)",
    )
    source.add_argument("--coco", type=Path, metavar="JSON", help="annotations in COCO's format")
    source.add_argument(
        "--voc", action="store_true", help="the folder is in Pascal VOC's layout, with annotations"
    )
    parser.add_argument(
        "--captioner",
        metavar="MODEL",
        help="with --segmenter: folder or hub id of BLIP-2, to say what is in an entity's crop "
        "(default: the names of the segmenter's classes)",
    )
    parser.add_argument(
        "--side",
        type=whole_number(16, 30_000),
        default=1024,
        help="scale pictures down to this shorter side (default: %(default)s)",
    )
    parser.add_argument(
        "--least-side",
        type=whole_number(1, 30_000),
        default=512,
        help="leave out pictures whose shorter side is below (default: %(default)s)",
    )
    parser.add_argument(
        "--least-area",
        type=number(0, 1),
        default=0.005,
        help="leave out entities that take a smaller share of the picture (default: %(default)s)",
    )
    parser.add_argument(
        "--most-area", type=number(0, 1), default=0.5, help="or a larger one (default: %(default)s)"
    )
    parser.add_argument(
        "--per-picture",
        type=whole_number(1, 1000),
        default=4,
        help="samples of one picture, at most (default: %(default)s)",
    )
    parser.add_argument(
        "--seed", type=whole_number(0, 2**31), default=0, help="seed for all choices"
    )
    parser.add_argument(
        "--workers",
        type=whole_number(1, 1000),
        help="processes (default: one a GPU with --segmenter, else one a processor)",
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda ... (default: auto)")
    add_shard_argument(parser, "shard")


def _prepare(args: Namespace) -> Report:
    from lazydiff_core.images.writing import encode
    from lazydiff_core.storage.safe_files import write_files
    from lazydiff_core.training.entities.look import look_at
    from lazydiff_core.training.entities.prepare import prepare
    from lazydiff_core.training.entities.samples import Choice

    if not args.folder.is_dir():
        raise InputError(f"There is no folder {args.folder}.")
    if args.captioner and not args.segmenter:
        raise InputError("Annotations have their names: --captioner belongs to --segmenter.")
    choice = Choice(**{field.name: getattr(args, field.name) for field in fields(Choice)})
    part, parts = args.shard
    with counting("picture") as show:
        counts = prepare(_sources(args), args.out, choice, part, parts, show)
    text = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    document = {"out": str(args.out), "counts": dict(counts)}
    if counts["samples"]:
        sheet = args.out / ("sheet.png" if parts == 1 else f"sheet-{part + 1}.png")
        write_files({sheet: encode(look_at(args.out, seed=part), sheet)})
        document["sheet"] = str(sheet)
        text += f"; look at {sheet}"
    return Report(document, text)


def _sources(args: Namespace) -> list[EntitySource]:
    """One source for each process."""
    processors = args.workers or os.cpu_count() or 1
    if args.coco is not None:
        from lazydiff_core.training.entities.coco import CocoEntities

        return [CocoEntities(args.folder, args.coco)] * processors
    if args.voc:
        from lazydiff_core.training.entities.voc import VocEntities

        return [VocEntities(args.folder)] * processors
    from lazydiff_core.training.entities.segmented import SegmentedEntities

    for model in filter(None, (args.segmenter, args.captioner)):
        ensure_installed(model)
    source = SegmentedEntities(args.folder, args.segmenter, args.captioner)
    devices = _devices(args.device)
    count = args.workers or len(devices)
    return [replace(source, device=devices[k % len(devices)]) for k in range(count)]


def _devices(name: str) -> list[str]:
    """The named device; for "auto" all GPUs, or the CPU if there are none."""
    import torch

    from lazydiff_core.model.files.devices import choose_device

    if name == "auto" and torch.cuda.is_available():
        return [f"cuda:{k}" for k in range(torch.cuda.device_count())]
    return [str(choose_device(name))]


PREPARE = Command(
    "prepare",
    "Find and name entities in a folder of pictures: shards for `train model`.",
    _prepare,
    _add_arguments,
)
