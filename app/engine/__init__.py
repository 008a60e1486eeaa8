"""From what the artist asks for to what lands on the canvas; the engine has a thread of its own."""
