"""Pictures as arrays: files, cut-outs, contact sheets."""
