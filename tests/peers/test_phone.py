"""Telephone sound read by ffmpeg: as long as book.json says, and no louder than a line carries."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tests.conftest import Made
from tests.peers.conftest import require

from audioleaflet.book import prompts
from audioleaflet.book.model import Prompt

pytestmark = pytest.mark.peer


def heard(path: Path) -> tuple[float, float, float]:
    """Seconds, mean and highest level in dBFS of a file of raw µ-law, as ffmpeg decodes it."""
    told = subprocess.run(
        [
            *(require("ffmpeg"), "-hide_banner", "-f", "mulaw", "-ar", "8000", "-i", str(path)),
            *("-af", "volumedetect", "-f", "s16le", "-y", "/dev/null"),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    samples, mean, highest = (
        float(re.findall(pattern, told)[-1])
        for pattern in (r"n_samples: (\d+)", r"mean_volume: (-?[\d.]+)", r"max_volume: (-?[\d.]+)")
    )
    return samples / 8000, mean, highest


def test_every_sound_of_the_real_leaflet_is_as_long_as_it_says_and_not_too_loud(called: Made) -> None:
    require("ffmpeg")
    place = called.folder.parent.parent / "phone" / "en-US"
    sounds = [(called.folder / one.audio, one.duration_ms) for book in called.book.renditions for one in book.chapters]
    said: tuple[tuple[Path, tuple[Prompt, ...]], ...] = (
        (called.folder, called.book.prompts),
        (place, prompts.load(place).prompts),
    )
    sounds += [(folder / one.audio, one.duration_ms) for folder, some in said for one in some]
    assert len(sounds) > 100
    for path, duration_ms in sounds:
        seconds, mean, highest = heard(path)
        assert seconds == duration_ms / 1000, path
        assert -35 < mean < -18, path
        assert highest <= -6.0, path
