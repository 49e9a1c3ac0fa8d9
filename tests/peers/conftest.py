"""Programs that others wrote: what we made is read back by them."""

from __future__ import annotations

import os
import shutil

import pytest
from tests.peers.hotline_journeys import done
from tests.peers.site_page import browser, site, visit

__all__ = ["browser", "done", "require", "site", "visit"]


def require(program: str) -> str:
    """The path of ``program``. Without it the test is skipped with its reason; where CI is set, it fails."""
    path = shutil.which(program)
    if path is None:
        reason = f"{program} is not installed"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path
