"""The server's application: routes, errors and the gate before them."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from lazydiff_core.serve.a1111_routes import a1111_routes
from lazydiff_core.serve.access import Access, Gate
from lazydiff_core.serve.answers import add_refusals
from lazydiff_core.serve.engine_queue import EngineQueue
from lazydiff_core.serve.engine_routes import engine_routes
from lazydiff_core.serve.openai_routes import openai_routes


def create_application(engines: EngineQueue, access: Access) -> FastAPI:
    """The ASGI application that serves a started queue."""
    app = FastAPI(title="LazyDiff", docs_url=None, redoc_url=None)  # their pages load scripts

    @app.get("/health")
    async def health() -> dict[str, Any]:
        return {"status": "ok", "waiting": engines.waiting}

    for routes in (engine_routes, openai_routes, a1111_routes):
        app.include_router(routes(engines))
    add_refusals(app)
    app.add_middleware(Gate, access=access)
    return app
