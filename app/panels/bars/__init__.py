"""The bars around the canvas: commands, tools, status, model."""
