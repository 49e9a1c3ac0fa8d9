"""Catalogues of no sound, for tests of the call: every prompt has a length, and every sentence is 4 s long."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from audioleaflet import phrases
from audioleaflet.hotline.catalogue import RATES, Catalogue, Chapter, Contact, Cue, Edition, Sound
from audioleaflet.units import Ms

SENTENCE = 4000


def prompt(name: str, ms: int = 1000, folder: str = "phone") -> Sound:
    return Sound(path=Path(f"/audio/{folder}/{name}.ulaw"), text=name, duration_ms=Ms(ms))


def chapter(number: int, sentences: int = 6, key: str = "one/en") -> Chapter:
    sounds = []
    for rate, name in enumerate(RATES):
        long = SENTENCE + 500 * (1 - rate)  # slow 4.5 s, normal 4 s, fast 3.5 s
        cues = tuple(
            Cue(id=f"c{number:02}-{place + 1:03}", begin_ms=Ms(place * long), end_ms=Ms((place + 1) * long))
            for place in range(sentences)
        )
        path = Path(f"/audio/{key}/phone/{name}/{number:02}.ulaw")
        sounds.append(Sound(path=path, text=f"chapter {number}", duration_ms=Ms(sentences * long), cues=cues))
    return Chapter(number=number, title=f"Chapter {number}", sounds=tuple(sounds))


def edition(
    key: str = "one/en",
    *,
    chapters: int = 4,
    contacts: int = 2,
    number: str = "1",
    state: str = "unapproved",
    review_due: str = "",
    version: str = "v1",
    language: str = "en-US",
) -> Edition:
    if state == "withdrawn":
        chapters, contacts = 0, 0
    names = ["title", "publisher", "status", "choice", "contact", *(f"chapter-{one}" for one in range(chapters + 1))]
    return Edition(
        key=key,
        version=version,
        language=language,
        title=key,
        number=number,
        state=state,  # type: ignore[arg-type]
        review_due=review_due,
        chapters=tuple(chapter(one, key=key) for one in range(chapters + 1)),
        prompts={name: prompt(name, folder=key) for name in names},
        contacts=tuple(
            Contact(
                chapter=chapters, cue=f"c{chapters:02}-{one + 2:03}", digits=prompt(f"number-{one + 1}", folder=key)
            )
            for one in range(contacts)
        ),
    )


def library_prompts(language: str = "en-US") -> dict[str, Sound]:
    """Every prompt that the wording names."""
    names: list[str] = []
    for name, text in phrases.load_hotline(language).library.items():
        names += [f"{name}-{digit}" for digit in range(10)] if "{digit}" in text else [name]
    return {name: prompt(name, folder=f"phone/{language}") for name in names}


def in_their_own(*editions: Edition) -> Catalogue:
    """Editions of several languages, each with prompts of its own."""
    held = catalogue(*editions)
    return replace(
        held,
        prompts={
            language: {name: prompt(name, folder=f"phone/{language}") for name in prompts}
            for language, prompts in held.prompts.items()
        },
    )


def catalogue(*editions: Edition, dialled: dict[str, str] | None = None) -> Catalogue:
    held = editions or (edition(),)
    languages = dict.fromkeys(one.language for one in held)
    return Catalogue(
        editions=held,
        prompts={language: library_prompts("en-US") for language in languages},
        dialled=dialled or {},
    )
