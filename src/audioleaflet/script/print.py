"""A script on paper: what a reader sees beside what a voice says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from audioleaflet.script.model import Pause, Script, Spelled, Spoken, Syllables


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


def as_lines(script: Script) -> Iterator[str]:
    """A line an utterance, a second one where the voice says other words than the reader sees."""
    for chapter in script.chapters:
        yield f"{chapter.number:02} {chapter.title}"
        for utterance in chapter.utterances:
            yield f"  {utterance.id}  {utterance.role:12} {utterance.shown}"
            said = in_words(utterance.spoken)
            if said != utterance.shown:
                yield f"  {'':7}  {'spoken':12} {said}"


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
