"""Autoencoders: from pixels to latents and back, for whole pictures or the changed part."""
