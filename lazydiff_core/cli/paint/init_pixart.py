"""`lazydiff models init-pixart`: makes an untrained LazyDiffusion model from a public PixArt."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.hub_models import ensure_installed
from lazydiff_core.cli.values import whole_number
from lazydiff_core.errors import InputError, TargetError
from lazydiff_core.model.files.config import ARCHITECTURES


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("pixart", help="folder or hub id of a PixArt pipeline or transformer")
    parser.add_argument("--out", type=Path, required=True, help="model folder to write")
    parser.add_argument("--vae", type=Path, help="AutoencoderKL folder (default: PixArt's own)")
    parser.add_argument(
        "--text-encoder", type=Path, help="T5EncoderModel folder (default: PixArt's own)"
    )
    parser.add_argument("--tokenizer", type=Path, help="its tokenizer (default: PixArt's own)")
    parser.add_argument(
        "--context-blocks",
        type=whole_number(1, 100),
        help="depth of the context encoder (default: in the paper's ratio to the decoder's)",
    )
    parser.add_argument(
        "--architecture",
        choices=ARCHITECTURES,
        default=ARCHITECTURES[0],
        help="the paper's system, or a baseline of it (default: %(default)s)",
    )
    parser.add_argument(
        "--text-tokens",
        type=whole_number(1, 10_000),
        default=120,
        help="longest prompt: 120 for PixArt-alpha, 300 for PixArt-Sigma (default: %(default)s)",
    )
    classes = parser.add_mutually_exclusive_group()
    classes.add_argument(
        "--classes",
        type=whole_number(1, 1_000_000),
        help="learned class labels in the place of text (no text encoder is needed)",
    )
    classes.add_argument(
        "--class-names", type=Path, help="the same, with their names: a text file, one a line"
    )
    parser.add_argument(
        "--seed", type=whole_number(0, 2**31), default=0, help="seed for the new layers"
    )


def _init_pixart(args: Namespace) -> Report:
    import torch

    from lazydiff_core.model.checkpoint.from_pixart import (
        config_for_pixart,
        initialise_from_pixart,
        transformer_folder,
    )
    from lazydiff_core.model.checkpoint.pipeline_folder import Sources, save_parts, set_null_prompt
    from lazydiff_core.model.text.t5 import T5Folders

    if args.out.exists():
        raise TargetError(f"{args.out} already exists: name a new folder.")
    ensure_installed(args.pixart)
    folder = transformer_folder(args.pixart)
    vae = args.vae or _own(folder, "vae")
    text = None
    names = _names(args.class_names) if args.class_names else ()
    classes = len(names) or args.classes
    if classes is None:
        text = T5Folders(
            args.text_encoder or _own(folder, "text_encoder"),
            args.tokenizer or _own(folder, "tokenizer"),
        )
    lazy_model = args.architecture == ARCHITECTURES[0]
    if args.context_blocks is not None and not lazy_model:
        raise InputError("A baseline has no context encoder: leave out --context-blocks.")
    depth = args.context_blocks if lazy_model else 0
    changes = {
        "context_blocks": depth, "classes": classes, "architecture": args.architecture,
    }  # fmt: skip
    given = {name: value for name, value in changes.items() if value is not None}
    config = config_for_pixart(folder, text_tokens=args.text_tokens, **given)
    torch.manual_seed(args.seed)
    lazy = initialise_from_pixart(str(folder), config)
    if text is not None:
        set_null_prompt(lazy, text)
    save_parts(args.out, lazy, Sources(vae, text), concepts=names)
    count = sum(p.numel() for p in lazy.parameters())
    document = {"out": str(args.out), "parameters": count, "config": config.to_dict()}
    return Report(document, f"{count / 1e6:.1f} million parameters, in {args.out}")


def _names(path: Path) -> tuple[str, ...]:
    """Read class names, one per line; InputError if the file is unreadable or repeats a name."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise InputError(f"The class names {path} cannot be read: {error}.") from error
    names = tuple(line.strip() for line in lines if line.strip())
    if not names or len({name.lower() for name in names}) < len(names):
        raise InputError(f"{path} must name at least one class, and each once, one a line.")
    return names


def _own(transformer: Path, part: str) -> Path:
    """The folder of a part in the same pipeline as a transformer folder."""
    folder = transformer.parent / part
    if transformer.name != "transformer" or not folder.is_dir():
        option = "--" + part.replace("_", "-")
        raise InputError(f"{transformer} comes without a {part} folder: name one by {option}.")
    return folder


INIT_PIXART = Command(
    "init-pixart", "Make a model to train from a public PixArt.", _init_pixart, _add_arguments
)
