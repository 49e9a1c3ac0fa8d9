"""How long a script will play, before it is spoken."""

from __future__ import annotations

from audioleaflet.script.model import Pause, Script, ScriptChapter, Spelled, Syllables, Utterance
from audioleaflet.units import Ms

# A slow word takes this long a syllable: 2.2 s were measured for the four of "metastasis".
_SYLLABLE_MS = 550


def length(chapter: ScriptChapter, rate_wpm: int) -> Ms:
    """Milliseconds that a chapter will take at a rate: its words at that rate and its pauses."""
    return Ms(chapter.lead + sum(_utterance(utterance, rate_wpm) for utterance in chapter.utterances))


def minutes(script: Script, rate_wpm: int) -> int:
    """Whole minutes that a script will take, at least one."""
    total = sum(length(chapter, rate_wpm) for chapter in script.chapters)
    return max(1, round(total / 60_000))


def _utterance(utterance: Utterance, rate_wpm: int) -> int:
    words = 0
    milliseconds = int(utterance.pause_after)
    for span in utterance.spoken:
        if isinstance(span, Pause):
            milliseconds += span.length
        elif isinstance(span, Syllables):
            milliseconds += _SYLLABLE_MS * (1 + span.ipa.count(".") + span.ipa.count("ˈ", 1) + span.ipa.count("ˌ", 1))
        elif isinstance(span, Spelled):
            words += sum(map(len, span.groups))
            milliseconds += span.between * (len(span.groups) - 1)
        else:
            words += len(span.text.split())
    return milliseconds + words * 60_000 // rate_wpm
