"""Ports of this computer for tests of the line."""

from __future__ import annotations

import pytest
from tests.hotline.sip import hotlines


@pytest.fixture
def free_ports() -> int:
    """The first of twenty UDP ports in a row that nothing uses."""
    return hotlines.free_ports()
