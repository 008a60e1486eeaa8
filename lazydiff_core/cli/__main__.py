"""`python -m lazydiff_core.cli`, the same as `lazydiff`."""

import sys

from lazydiff_core.cli.entry import main

sys.exit(main())
