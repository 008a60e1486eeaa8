"""Subcommands that paint."""
