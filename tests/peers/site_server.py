"""The project's own server on a free port of this machine, for tests that read with a browser or another program."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audioleaflet.publish.site.server.counts import Log
from audioleaflet.publish.site.server.run import EVERY, Bind, prepare
from audioleaflet.web.guard import Limits
from audioleaflet.web.running import listening


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve ``folder``; gives the address of its root, without a slash at the end."""
    told: list[str] = []
    with listening(Bind(host="127.0.0.1", port=0)) as listener:
        server = prepare(folder, log=Log("text", told.append), limits=Limits(), every=EVERY)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
