"""Data shipped with the program; found through lazydiff_core.storage.resources."""
