"""Measurements of the app, each a program of its own that the command line starts."""
