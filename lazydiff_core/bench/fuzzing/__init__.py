"""Broken files by the thousand: every reader must answer with a result or a typed error.

`Target` says what is read, `mutate` breaks sound files, `run` reads them within limits.
`lazydiff bench fuzz` runs the targets of the core and of the window.
"""

from __future__ import annotations
