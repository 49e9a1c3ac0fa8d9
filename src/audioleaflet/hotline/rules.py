"""What the settings of a line mean for a call."""

from __future__ import annotations

from typing import Final

from audioleaflet.hotline.events import Rules
from audioleaflet.settings.hotline import HotlineSettings

CODE_TRIES: Final = 5  # wrong codes in one call; all calls together have a limit an hour of their own


def rules_of(settings: HotlineSettings, *, codes: bool) -> Rules:
    """The rules of a call that begins now. ``codes``: whether places can be kept at present."""
    return Rules(
        person=settings.operator is not None,
        person_at=settings.is_open,
        codes=codes,
        limit_s=settings.limits.minutes * 60,
        code_tries=CODE_TRIES,
    )
