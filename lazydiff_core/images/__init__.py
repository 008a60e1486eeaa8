"""Pictures as arrays: reading, writing, cut-outs, contact sheets."""
