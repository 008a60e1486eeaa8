"""Fuzzing: every reader must answer a broken file with a result or a typed error.

A `Target` is a reader with its sample files; `mutate` breaks the samples; `fuzz` has the reader
read them in a process with limited memory and time. `lazydiff bench fuzz` runs all targets.
"""

from __future__ import annotations
