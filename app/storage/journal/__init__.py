"""The crash journal: every change since the last save, on the disk within two seconds."""
