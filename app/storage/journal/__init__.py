"""The crash journal: what the artist did since the last save, on the disk within two seconds."""
