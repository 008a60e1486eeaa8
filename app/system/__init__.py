"""Settings, logs, diagnostics and system libraries."""
