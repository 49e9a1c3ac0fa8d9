"""WAV files and ranges of them."""

from __future__ import annotations

import pytest
from tests.hotline.twilio.exchange import samples_of

from audioleaflet.hotline.twilio.media import byte_range, wav


@pytest.mark.parametrize("count", [0, 1, 2, 8000, 8001])
def test_a_wav_holds_its_samples_and_is_padded_to_even_bytes(count: int) -> None:
    samples = bytes(range(256)) * 32
    made = wav(samples[:count])
    assert samples_of(made) == samples[:count]
    assert len(made) % 2 == 0


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("", None),
        ("bytes=0-", (0, 99)),
        ("bytes=10-19", (10, 19)),
        ("bytes=10-900", (10, 99)),
        ("bytes=-10", (90, 99)),
        ("bytes=-900", (0, 99)),
        ("bytes=19-10", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=-", None),
        ("bytes=\u0661-2", None),
    ],
)
def test_a_range_is_followed_or_let_alone(header: str, span: tuple[int, int] | None) -> None:
    assert byte_range(header, 100) == span


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_beyond_the_end_is_told(header: str) -> None:
    with pytest.raises(ValueError, match=r"none|beyond"):
        byte_range(header, 100)
