"""Every score of a model: what is filled for it and how it is measured (table in evaluate.py)."""
