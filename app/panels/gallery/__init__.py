"""Public models: what fits this machine, what it costs, and how it comes here."""
