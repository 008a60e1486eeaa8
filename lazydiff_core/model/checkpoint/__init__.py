"""Whole models as folders."""
