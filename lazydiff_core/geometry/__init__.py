"""Boxes, windows, tokens and resampling, shared by the app and the engine.

Numpy and OpenCV only.

Import order: pixels, box; window, tokens and mask_blocks; resample.
"""
