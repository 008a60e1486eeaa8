"""`lazydiff serve`: the engine for other programs and other machines."""

from __future__ import annotations

import ipaddress
import secrets
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.values import whole_number
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import InputError
from lazydiff_core.model_store import default_taught_words

PORT = 7860  # where clients of A1111's interface look


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--host",
        metavar="H",
        default="127.0.0.1",
        help="address to listen on; 0.0.0.0 = all networks of this machine (default: %(default)s)",
    )
    parser.add_argument(
        "--port",
        metavar="P",
        type=whole_number(0, 65535),
        default=PORT,
        help="0 = any that is free (default: %(default)s)",
    )
    parser.add_argument(
        "--token",
        metavar="T",
        help='token that clients must send (default: a new one, printed at the start; "" = none)',
    )
    parser.add_argument("--tls-cert", metavar="PEM", type=Path, help="certificate: serve HTTPS")
    parser.add_argument("--tls-key", metavar="PEM", type=Path, help="the certificate's key")
    parser.add_argument(
        "--max-upload",
        metavar="MIB",
        type=whole_number(1, 1024),
        default=64,
        help="largest request, in MiB (default: %(default)s)",
    )
    parser.add_argument(
        "--model", default="bundled", help="bundled, a folder or a hub id (default: %(default)s)"
    )
    parser.add_argument("--backend", metavar="NAME", help="way to generate")
    parser.add_argument("--device", metavar="D", help="cpu, cuda, mps ...")


def _run(args: Namespace) -> Report:
    try:
        from lazydiff_core.serve.server import Tls, serve
    except ImportError as error:
        raise InputError(
            f"lazydiff serve needs {error.name}: install it with: pip install 'lazydiff[serve]'"
        ) from error

    token = secrets.token_urlsafe(18) if args.token is None else args.token
    if not token and not _is_loopback(args.host):
        raise InputError(
            f"Whoever reaches {args.host} could use this machine: give a token with --token."
        )
    if not token.isascii():
        raise InputError("The token must consist of ASCII characters.")
    words = default_taught_words().pictures()
    address = serve(
        lambda: Engine.load(args.model, backend=args.backend, device=args.device, words=words),
        host=args.host,
        port=args.port,
        token=token,
        max_upload=args.max_upload,
        tls=Tls.of(args.tls_cert, args.tls_key),
        on_ready=lambda address: _announce(address, token),
    )
    return Report({"address": address}, "Stopped.")


def _announce(address: str, token: str) -> None:
    print(f"Serving at {address}", file=sys.stderr)
    print(f"Token: {token}" if token else "No token is asked for.", file=sys.stderr, flush=True)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


SERVE = Command(
    "serve", "Run the engine for other programs and other machines.", _run, _add_arguments
)
