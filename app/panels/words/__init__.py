"""What the model understands of the prompt, and all that it knows."""
