"""Settings, logs, diagnostics and the machine's libraries."""
