"""Weights and configuration on disk."""
