"""The engine of another machine, used as if it were here; `lazydiff_core.serve` answers it."""

from lazydiff_core.remote.connection import Connection as Connection
from lazydiff_core.remote.connection import is_server as is_server
from lazydiff_core.remote.remote_engine import RemoteEngine as RemoteEngine
