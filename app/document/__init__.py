"""The picture and what changes it: edits, undo, mask, sketch, variants. No engine, no widgets."""
