"""The start of the packaged program: `lazydiff` itself, and the modules that its benches start."""

import runpy
import sys
from multiprocessing import freeze_support

if __name__ == "__main__":
    freeze_support()
    if sys.argv[1:2] == ["-m"]:  # sys.executable is this program, not an interpreter
        module, sys.argv = sys.argv[2], sys.argv[2:]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    else:
        from lazydiff_core.cli import main

        sys.exit(main())
