"""Weights and configuration on the disk."""
