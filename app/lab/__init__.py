"""Measurements, the crash harness, fuzz targets and the study window; none is needed to paint."""
