"""Measurements of the window, each a program of its own: the command line starts them."""
