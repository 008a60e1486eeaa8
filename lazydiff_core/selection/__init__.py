"""Objects of a picture, found by a box around them or a point on them; borders moved to edges."""

from lazydiff_core.selection.finder import Found as Found
from lazydiff_core.selection.finder import find_object as find_object
from lazydiff_core.selection.grabcut import snapped as snapped
