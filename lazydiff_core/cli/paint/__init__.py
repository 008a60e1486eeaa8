"""Subcommands that paint, and manage models and taught words."""
