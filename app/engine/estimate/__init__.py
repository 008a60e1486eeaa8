"""Estimates of the cost of a fill before it runs."""
