"""A script on paper: what a reader sees beside what a voice says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from audioleaflet.script.model import Pause, Script, Spelled, Spoken, Syllables, Unread
from audioleaflet.script.wordwise import aligned


def in_words(spoken: Spoken) -> str:
    """What is said, in words on one line: digits in groups, a slow word by its syllables."""
    words = []
    for span in spoken:
        if isinstance(span, Pause):
            words.append(" ")
        elif isinstance(span, Spelled):
            words.append(", ".join(" ".join(group) for group in span.groups))
        elif isinstance(span, Syllables):
            words.append(span.respelling)
        else:
            words.append(span.text)
    return " ".join("".join(words).split())


def as_lines(script: Script, *, colour: bool = False) -> Iterator[str]:
    """A line an utterance, one more where the voice says other words, and one for what no rule can read.

    ``colour``: for a terminal, the words that differ are bold and underlined.
    """
    for chapter in script.chapters:
        yield f"{chapter.number:02} {chapter.title}"
        for utterance in chapter.utterances:
            yield f"  {utterance.id}  {utterance.role:12} {utterance.shown}"
            said = in_words(utterance.spoken)
            if said != utterance.shown:
                yield f"  {'':7}  {'spoken':12} {_marked(utterance.shown, said) if colour else said}"
            unread = [f"'{span.text}'" for span in utterance.spoken if isinstance(span, Unread)]
            if unread:
                yield f"  {'':7}  {'unread':12} {', '.join(unread)}"


def _marked(shown: str, said: str) -> str:
    stretches = aligned(shown, said)
    return " ".join(one.new if one.same else f"\x1b[1;4m{one.new}\x1b[0m" for one in stretches if one.new)


def as_data(script: Script) -> dict[str, Any]:
    """The script for another program: JSON of chapters, utterances and spans, each span with its ``kind``."""
    return {
        "chapters": [
            {
                "number": chapter.number,
                "id": chapter.id,
                "title": chapter.title,
                "utterances": [
                    {
                        "id": utterance.id,
                        "kind": utterance.kind,
                        "role": utterance.role,
                        "shown": utterance.shown,
                        "said": in_words(utterance.spoken),
                        "spoken": [{"kind": type(span).__name__.lower(), **asdict(span)} for span in utterance.spoken],
                        "pause_after_ms": utterance.pause_after,
                        "origin": str(utterance.origin),
                    }
                    for utterance in chapter.utterances
                ],
            }
            for chapter in script.chapters
        ],
        "terms": [asdict(term) for term in script.terms],
    }
