"""Programs that measure, break or ask: none of them is needed to paint."""
