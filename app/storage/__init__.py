"""Projects, pictures and the crash journal on the disk."""
