"""`lazydiff serve` on several cards or machines, as a Ray Serve deployment (docs/server.md).

    pip install 'lazydiff[serve]' 'ray[serve]'
    PYTHONPATH=packaging/cluster LAZYDIFF_TOKEN=... serve run ray_serve:studio

One replica a card; a replica that dies is replaced. Requests that carry the header
`serve_multiplexed_model_id`, as LazyDiff's own client sends it with the canvas's digest, come to
the replica that has this canvas, so that its context is met again.

LAZYDIFF_TOKEN: what clients must show. LAZYDIFF_MODEL: as for --model. LAZYDIFF_REPLICAS: how many
(default: one a card). LAZYDIFF_CPUS: cores a replica where there is no card (default: 2).
"""

from __future__ import annotations

import os

import ray
from fastapi import FastAPI
from ray import serve
from starlette.types import ASGIApp, Receive, Scope, Send

from lazydiff_core.engine.engine import Engine
from lazydiff_core.model_store import default_taught_words
from lazydiff_core.serve.access import Access
from lazydiff_core.serve.application import create_application
from lazydiff_core.serve.engine_queue import EngineQueue
from lazydiff_core.serve.engine_routes import KEPT_CANVASES

TOKEN = os.environ["LAZYDIFF_TOKEN"]
MODEL = os.environ.get("LAZYDIFF_MODEL", "bundled")
ray.init(ignore_reinit_error=True)
CARDS = int(ray.cluster_resources().get("GPU", 0))
RESOURCES = {"num_gpus": 1} if CARDS else {"num_cpus": int(os.environ.get("LAZYDIFF_CPUS", "2"))}


@serve.multiplexed(max_num_models_per_replica=KEPT_CANVASES)
async def canvas(digest: str) -> str:
    """Tells Ray that this replica has a canvas; the application itself keeps it."""
    return digest


class Noting:
    """ASGI middleware: notes the canvas of each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (digest := serve.get_multiplexed_model_id()):
            await canvas(digest)
        await self._app(scope, receive, send)


def build() -> FastAPI:
    """The application of one replica, with an engine of its own."""
    words = default_taught_words().pictures()
    engines = EngineQueue(lambda: Engine.load(MODEL, words=words))
    engines.start()
    app = create_application(engines, Access(TOKEN))
    app.add_middleware(Noting)
    return app


Studio = serve.deployment(
    num_replicas=int(os.environ.get("LAZYDIFF_REPLICAS", max(CARDS, 1))),
    ray_actor_options=RESOURCES,
    max_ongoing_requests=4,
)(serve.ingress(build)())
studio = Studio.bind()
