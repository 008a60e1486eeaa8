"""The engine for other programs and other machines, over HTTP (docs/server.md)."""
