"""Benchmarks on this machine: time, memory, scaling; and fuzzing."""
