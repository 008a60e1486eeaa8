"""Shared parts of all widgets: theme, icons, translation, messages, small controls."""
