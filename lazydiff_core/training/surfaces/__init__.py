"""Procedural surfaces that prompts can ask for: skies, waters, grounds, walls, cloth."""
