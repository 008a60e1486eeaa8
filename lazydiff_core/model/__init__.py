"""The networks of all models, and their folders."""
