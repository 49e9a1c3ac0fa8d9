"""MP3 at a constant bit rate, a chapter at a time, in whole frames that can be laid end to end.

A chapter of n frames of PCM becomes exactly n frames of MP3, with no Info frame and no tag. Decoders then
return it CODEC_DELAY samples late, always the same, so a book's MP3 is its chapters' frames in a row:
nothing drifts and nothing is encoded twice. The last CODEC_DELAY samples of a chapter fall to the next
one's frames: they must be silent. (ISO/IEC 11172-3 for 32 kHz and above, ISO/IEC 13818-3 below.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import lameenc
import numpy as np
from numpy.typing import NDArray

from audioleaflet.errors import SoundError
from audioleaflet.units import Hz

CODEC_DELAY = 1105
"""Samples by which a decoder is late: 576 of LAME's encoder and 529 of any decoder."""
QUALITY = 7
SLICE_SAMPLES = 1 << 15  # small enough to stay in the processor's cache
BITRATE_KBPS = 64
LAME_SCALE = 0.95
"""What lameenc's LAME multiplies all sound by (-0.45 dB, at every rate); undone here, so that loudness is kept."""
RATES = {1: (44100, 48000, 32000), 2: (22050, 24000, 16000)}
BITRATES_KBPS = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
HEADER_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame. ``offset`` and ``size`` in bytes, header included; ``samples`` of each channel."""

    offset: int
    size: int
    samples: int
    rate: Hz
    bitrate_kbps: int
    channels: int


def frame_samples(rate: Hz) -> int:
    """Samples in one frame: 576 below 32 kHz, 1152 from there on. Raises ValueError for a rate not of MP3."""
    if rate in RATES[2]:
        return 576
    if rate in RATES[1]:
        return 1152
    raise ValueError(f"MP3 has no sample rate of {rate} Hz; it has {sorted(RATES[1] + RATES[2])}")


def pad(samples: int, rate: Hz) -> int:
    """How many samples of silence fill ``samples`` up to whole frames: 0 to a frame less one."""
    return -samples % frame_samples(rate)


def encode(pcm: bytes, rate: Hz, bitrate_kbps: int = BITRATE_KBPS) -> bytes:
    """16-bit mono ``pcm`` of n whole frames as exactly n frames of MP3. The same samples give the same bytes.

    Raises ValueError for PCM that is not a whole number of frames or a bit rate that MP3 does not have,
    SoundError for a sample above -0.45 dBFS, which would clip, and when the encoder fails.
    """
    size = 2 * frame_samples(rate)
    version = 2 if rate in RATES[2] else 1
    if bitrate_kbps not in BITRATES_KBPS[version][1:]:
        raise ValueError(f"MP3 at {rate} Hz has no bit rate of {bitrate_kbps} kbit/s")
    count, rest = divmod(len(pcm), size)
    if rest:
        raise ValueError(f"PCM of {len(pcm)} bytes is not a whole number of frames of {size} bytes")
    if not count:
        return b""
    encoder = lameenc.Encoder()
    encoder.silence()  # whatever LAME has to say would go to the user's terminal
    encoder.set_channels(1)
    encoder.set_in_sample_rate(rate)
    encoder.set_out_sample_rate(rate)
    encoder.set_bit_rate(bitrate_kbps)
    encoder.set_quality(QUALITY)
    samples = np.frombuffer(pcm, "<i2")
    made_data = bytearray()
    try:
        for first in range(0, len(samples), SLICE_SAMPLES):
            made_data += encoder.encode(_before_lame(samples[first : first + SLICE_SAMPLES]))
        made_data += encoder.flush()
    except RuntimeError as error:
        raise SoundError(f"the MP3 encoder failed: {error}") from error
    data = bytes(made_data)
    # LAME adds one or two frames to bring out the last of its delay.
    return data[: _end_of(data, count)]


def _end_of(data: bytes, count: int) -> int:
    """Where the first ``count`` frames end. At one bit rate their headers differ in the padding bit alone.

    Reading that bit takes a tenth of what ``frames`` takes, which would be 0.05 s for ten minutes. Raises SoundError.
    """
    padding = 0b10
    sync, third = data[:2], data[2] & ~padding
    size = next(frames(data)).size - (data[2] >> 1 & 1)
    offset = 0
    for number in range(count):
        if data[offset : offset + 2] != sync or data[offset + 2] & ~padding != third:
            raise SoundError(f"the MP3 encoder made {number} of {count} frames")
        offset += size + (data[offset + 2] >> 1 & 1)
    if offset > len(data):
        raise SoundError(f"the MP3 encoder cut off the last of {count} frames")
    return offset


def _before_lame(pcm: NDArray[np.int16]) -> bytes:
    """``pcm`` divided by what LAME will multiply it by."""
    highest = max(int(pcm.max()), -int(pcm.min()))
    if highest / LAME_SCALE > 32767:
        raise SoundError(f"a sample of {highest} is too loud to encode", next_step="limit the sound to -1 dBTP")
    louder: NDArray[np.int16] = np.rint(pcm * np.float32(1 / LAME_SCALE)).astype("<i2")
    return louder.tobytes()


def frames(data: bytes) -> Iterator[Frame]:
    """Every frame of ``data``, which holds nothing but whole Layer III frames.

    Raises SoundError where a frame does not begin, or is cut off.
    """
    offset = 0
    while offset < len(data):
        frame = _header(data, offset)
        if offset + frame.size > len(data):
            raise SoundError(f"the MP3 frame at byte {offset} is cut off")
        yield frame
        offset += frame.size


def _header(data: bytes, offset: int) -> Frame:
    word = int.from_bytes(data[offset : offset + HEADER_BYTES], "big")
    version = {0b11: 1, 0b10: 2}.get(word >> 19 & 0b11)
    bitrate, rate = word >> 12 & 0b1111, word >> 10 & 0b11
    layer_three = word >> 17 & 0b11 == 0b01
    if len(data) - offset < HEADER_BYTES or word >> 21 != 0x7FF or version is None or not layer_three:
        raise SoundError(f"there is no MP3 frame at byte {offset}")
    if not 0 < bitrate < 15 or rate == 3:
        raise SoundError(f"the MP3 frame at byte {offset} has no fixed bit rate or no known sample rate")
    hertz, kbps = RATES[version][rate], BITRATES_KBPS[version][bitrate]
    samples = 1152 if version == 1 else 576
    size = samples * kbps * 125 // hertz + (word >> 9 & 1)
    channels = 1 if word >> 6 & 0b11 == 0b11 else 2
    return Frame(offset=offset, size=size, samples=samples, rate=Hz(hertz), bitrate_kbps=kbps, channels=channels)
