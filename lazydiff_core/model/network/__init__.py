"""The networks: context encoder and incremental decoder."""
