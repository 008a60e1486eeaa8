"""What this machine can run, what is wrong with it, and the command that mends it."""
