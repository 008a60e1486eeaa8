"""The engine: runs a request through a backend and returns the result."""
