"""Prompts and text encoders."""
