"""Model folders: reading, writing and converting whole models."""
