"""Units of time and pitch, and the clocks of the formats that we write.

Time inside a chapter is counted in samples. Milliseconds are computed once, from cumulative samples:
rounding each clip and adding the rounded lengths lost 193 ms over 400 clips.
"""

from __future__ import annotations

from typing import NewType

Ms = NewType("Ms", int)
Hz = NewType("Hz", int)
WordsPerMinute = NewType("WordsPerMinute", int)


def samples_to_ms(samples: int, rate: Hz) -> Ms:
    """Milliseconds of ``samples`` at ``rate``, rounded to the nearest, halves up."""
    return Ms((samples * 2000 + rate) // (2 * rate))


def ms_to_samples(ms: Ms, rate: Hz) -> int:
    """Samples in ``ms`` at ``rate``, rounded up: a pause is never shorter than was asked."""
    return -(-ms * rate // 1000)


def ms_to_vtt(ms: Ms) -> str:
    """``01:02:03.004``: a WebVTT timestamp (W3C WebVTT, 3.3), hours always written."""
    return _clock(ms, ".")


def ms_to_srt(ms: Ms) -> str:
    """``01:02:03,004``: a SubRip timestamp."""
    return _clock(ms, ",")


def ms_to_clock(ms: Ms) -> str:
    """``2:03`` or ``1:02:03``: a time for the eye, whole seconds, rounded down as players do."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _clock(ms: Ms, point: str) -> str:
    seconds, thousandths = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{thousandths:03}"
