"""Things cut out of their ground, with soft edges."""

from lazydiff_core.matting.lifting import Lifted as Lifted
from lazydiff_core.matting.lifting import lift as lift
