"""The panel at the right: prompt, options, sketch, variants, history, queue."""
