"""The recogniser: pocketsphinx with its US English model, asked what it hears and what fits better.

Its scores of two grammars may be compared because every sound of the model is scored in every frame (``compallsen``)
and no lattice is made afterwards (``bestpath``). Where words lie needs no such score, and is found in a quarter of the
time without. What it answers of a sound depends on that sound alone.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from audioleaflet.errors import ConfigError
from audioleaflet.proof.verify.pronunciations import ANY, PHONES
from audioleaflet.proof.verify.twins import Twin
from audioleaflet.proof.verify.voice import Stretch

LANGUAGES = ("en",)
_BEAMS = {"beam": 1e-60, "pbeam": 1e-60, "wbeam": 1e-40}
_SHIFT = 1024
"""A word's acoustic score is kept shifted by 10 bits."""
_DISCOUNT = 0.5
_READING = re.compile(r"\((\d+)\)$")
UNREACHED = -1e9

Arc = tuple[int, int, float] | tuple[int, int, float, str]
Scored = tuple[float, tuple[str, ...]]
"""A score as a natural logarithm, ``UNREACHED`` where the sound ended before the words, and the words it is of."""


def dictionary_path() -> Path:
    """The recogniser's dictionary. Raises ConfigError where it is not installed."""
    return Path(_pocketsphinx().get_model_path("en-us/cmudict-en-us.dict"))


def _pocketsphinx() -> Any:
    try:
        import pocketsphinx
    except ImportError as error:
        raise ConfigError(
            "verify listens with pocketsphinx, which is not installed",
            next_step="install it with \"pip install 'audioleaflet[verify]'\"",
        ) from error
    return pocketsphinx


class Recogniser:
    """Hears words of one book. ``dictionary`` and ``language_model``: files for the book, of the words in ``sounds``.

    One call at a time; a process needs its own.
    """

    def __init__(self, dictionary: Path, language_model: Path, sounds: Mapping[str, tuple[str, ...]]) -> None:
        decoder = _pocketsphinx().Decoder
        shared = {"dict": str(dictionary), "loglevel": "FATAL", **_BEAMS}
        self._free = decoder(lm=str(language_model), lw=15, wip=0.05, **shared)
        self._placing = decoder(lm=None, bestpath=False, **shared)
        self._scoring = decoder(lm=None, bestpath=False, compallsen=True, **shared)
        self._sounds = sounds

    def hear(self, pcm: bytes) -> tuple[str, ...]:
        """The keys of the words that are heard in ``pcm`` (16-bit mono at 16 kHz), any words of the book."""
        return tuple(_key(segment.word) for segment in _decoded(self._free, pcm) if _is_word(segment.word))

    def align(self, pcm: bytes, keys: Sequence[str]) -> tuple[Stretch, ...]:
        """Where each word of ``keys`` lies, with the silences between; empty where they cannot be laid over it."""
        stretches: list[Stretch] = []
        for segment in _bound(self._placing, pcm, keys):
            key = ""
            phones: tuple[str, ...] = ("SIL",)
            if segment.word.startswith(ANY):
                key, phones = ANY, (segment.word.removeprefix(ANY),)
            elif _is_word(segment.word):
                key = _key(segment.word)
                phones = tuple(self._sounds[key][_reading(segment.word)].split())
            stretches.append(Stretch(key=key, begin=segment.start_frame, end=segment.end_frame + 1, phones=phones))
        said = [stretch.key for stretch in stretches if stretch.key not in ("", ANY)]
        return tuple(stretches) if said == _known(keys) else ()

    def score(self, pcm: bytes, keys: Sequence[str]) -> Scored:
        """How well the words fit."""
        return _scored(_bound(self._scoring, pcm, keys), [_known(keys)])

    def score_twins(self, pcm: bytes, keys: Sequence[str], place: int, twins: Sequence[Twin]) -> Scored:
        """How well the best of ``twins`` fits in the place of a word, that word itself left out."""
        wanted = [_known([*keys[:place], *twin, *keys[place + 1 :]]) for twin in twins]
        return _scored(_bound(self._scoring, pcm, keys, place, twins), wanted)


def _bound(decoder: Any, pcm: bytes, keys: Sequence[str], place: int = -1, twins: Sequence[Twin] = ()) -> list[Any]:
    name = "words"
    decoder.add_fsg(name, decoder.create_fsg(name, 0, len(keys), list(_arcs(keys, place, twins))))
    decoder.activate_search(name)
    return _decoded(decoder, pcm)


def _arcs(keys: Sequence[str], place: int, twins: Sequence[Twin]) -> Iterator[Arc]:
    """A grammar of ``keys`` from state 0 to ``len(keys)``, with ``twins`` instead of the word at ``place``."""
    for state, key in enumerate(keys):
        if key == ANY:
            for phone in PHONES:
                yield state, state + 1, 1 / len(PHONES), ANY + phone
                yield state + 1, state + 1, 1 / len(PHONES), ANY + phone
        elif state != place:
            yield state, state + 1, 1.0, key
    side = len(keys) + 1
    for twin in twins:
        if not twin:
            yield place, place + 1, 1.0
        states = [place, *range(side, side + len(twin) - 1), place + 1]
        side += len(twin)
        for word, begin, end in zip(twin, states[:-1], states[1:], strict=False):
            yield begin, end, 1.0, word


def _decoded(decoder: Any, pcm: bytes) -> list[Any]:
    decoder.reinit_feat()  # forgets the noise of the sound before: it moved a score by up to 28
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()
    return list(decoder.seg()) if decoder.hyp() is not None else []


def _scored(segments: Sequence[Any], wanted: Sequence[list[str]]) -> Scored:
    heard = [_key(segment.word) for segment in segments if _is_word(segment.word)]
    if heard not in wanted:
        return UNREACHED, tuple(heard)
    return sum(math.log(segment.ascore) for segment in segments) * _SHIFT, tuple(heard)


def _known(keys: Iterable[str]) -> list[str]:
    return [key for key in keys if key != ANY]


def _is_word(segment: str) -> bool:
    return segment[0] not in f"<[{ANY}("


def _key(segment: str) -> str:
    return _READING.sub("", segment)


def _reading(segment: str) -> int:
    """Which of a word's sounds was heard, from 0."""
    found = _READING.search(segment)
    return int(found[1]) - 1 if found else 0


def language_model(sentences: Iterable[Sequence[str]]) -> str:
    """A bigram model of sentences of keys in the ARPA form, discounted by a constant, with backing off."""
    singles: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for sentence in sentences:
        keys = ["<s>", *_known(sentence), "</s>"]
        singles.update(keys)
        pairs.update(pairwise(keys))
    total = sum(count + _DISCOUNT for key, count in singles.items() if key != "<s>")
    chance = {key: (count + _DISCOUNT) / total for key, count in singles.items()}
    following: dict[str, list[tuple[str, int]]] = {}
    for (before, key), count in sorted(pairs.items()):
        following.setdefault(before, []).append((key, count))
    lines = ["\\data\\", f"ngram 1={len(singles)}", f"ngram 2={len(pairs)}", "", "\\1-grams:"]
    for key in sorted(singles):
        after = following.get(key, [])
        left = _DISCOUNT * len(after) / max(1, sum(count for _, count in after))
        weight = math.log10(left / max(1e-9, 1 - sum(chance[other] for other, _ in after))) if after else 0.0
        lines.append(f"{-99.0 if key == '<s>' else math.log10(chance[key]):.4f} {key} {min(weight, 0.0):.4f}")
    lines += ["", "\\2-grams:"]
    for before, after in following.items():
        whole = sum(count for _, count in after)
        lines += [f"{math.log10((count - _DISCOUNT) / whole):.4f} {before} {key}" for key, count in after]
    return "\n".join([*lines, "", "\\end\\", ""])
