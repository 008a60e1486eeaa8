"""Boxes, windows, tokens and resampling: numpy and OpenCV only."""
