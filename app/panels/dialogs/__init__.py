"""Windows and overlays that open over the canvas."""
