"""From pixels to latents and back, whole or lazily."""
