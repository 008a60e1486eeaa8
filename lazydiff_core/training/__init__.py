"""Data and trainers."""
