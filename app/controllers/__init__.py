"""What menu commands do with document, engine and files."""
