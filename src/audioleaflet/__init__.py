"""Audioleaflet turns a written patient leaflet into something to listen to.

    leaflet   the text as an editor wrote it, checked             leaflet/  (document/ reads any YAML file)
    script    every utterance: what is shown, what is spoken       script/
    speech    an engine says each utterance; clips are kept        speech/   cache.py
    book      clips laid end to end, cues, files, book.json        book/
    proof     the sound held against the script; approval          proof/    (verify/ listens with a recogniser)
    publish   transcripts, pages, feeds and their server,          publish/
              from book.json alone

    pipeline  the whole way, from a file to an edition; cli/ has a file a command, and alone prints and exits
    house     changes to the library's lexicon; pronunciation: where the voice and the dictionary differ
    notices   withdrawal; remnant: what is left of a leaflet that cannot be read; saying: one text, for a try
    sound     PCM craft that knows nothing of leaflets; phrases: fixed wording a language
    errors, units, settings: what every room may use

A room imports only rooms before it. ``Book`` is the waist: all before makes it, all after reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audioleaflet.book.model import Book
    from audioleaflet.errors import AudioleafletError
    from audioleaflet.pipeline import Built, build

__all__ = ["AudioleafletError", "Book", "Built", "build"]
_HOMES = {
    "AudioleafletError": "audioleaflet.errors",
    "Book": "audioleaflet.book.model",
    "Built": "audioleaflet.pipeline",
    "build": "audioleaflet.pipeline",
}


def __getattr__(name: str) -> Any:
    # Loaded when first asked for, so that 'audioleaflet --help' answers at once.
    if name not in _HOMES:
        raise AttributeError(f"module 'audioleaflet' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
