"""Real-time priority for programs that keep time: the other tests must not make them late."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import lru_cache


@lru_cache(maxsize=1)
def in_time() -> tuple[str, ...]:
    """What to put before a command so that it runs as the unit runs the line; nothing where that is forbidden."""
    chrt = shutil.which("chrt")
    if chrt is None or os.name != "posix":
        return ()
    tried = subprocess.run([chrt, "-f", "10", "true"], capture_output=True, check=False, timeout=10)
    return (chrt, "-f", "10") if tried.returncode == 0 else ()
