"""LazyDiff's window: everything here is Qt, and nothing here knows torch."""
