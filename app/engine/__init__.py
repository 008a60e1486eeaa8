"""From the artist's request to the result on the canvas; the engine runs on its own thread."""
