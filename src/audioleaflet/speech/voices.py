"""The engines that there are, by name."""

from __future__ import annotations

from audioleaflet.errors import VoiceNotFound
from audioleaflet.speech.engine import Engine

ENGINES = ("espeak", "gtts")


def engine_of(name: str) -> Engine:
    """A new engine of that name; close it after use. Raises VoiceNotFound, EngineUnavailable."""
    if name == "espeak":
        from audioleaflet.speech.espeak import Espeak

        return Espeak()
    if name == "gtts":
        from audioleaflet.speech.gtts import Gtts

        return Gtts()
    raise VoiceNotFound(
        f"there is no speech engine {name!r}",
        engine=name,
        next_step=f"a voice is named engine:voice, with an engine of {', '.join(ENGINES)}; try 'audioleaflet voices'",
    )
