"""The scores: for each, the fills it needs and how it is measured (table in evaluate.py)."""
