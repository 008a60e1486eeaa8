"""The networks of the models, and reading and writing their folders."""
