"""The panel at the right: prompt, options, sketch, variants, layers, queue."""
