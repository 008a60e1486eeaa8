"""What things cost on this machine: time, memory, scaling, fuzzing."""
