"""Context encoder and incremental decoder."""
