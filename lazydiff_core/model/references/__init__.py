"""What words look like: reference latents, their variations, and the lexicon that holds them."""
