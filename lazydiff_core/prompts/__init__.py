"""What prompts say: markup, languages, parts. Pure Python, read while a prompt is typed."""
