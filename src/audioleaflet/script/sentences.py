"""Where a sentence ends."""

from __future__ import annotations

from sentencex import segment


def split(text: str, language: str) -> tuple[str, ...]:
    """The sentences of one line of text, in order, with nothing lost but the space between them."""
    return tuple(sentence.strip() for sentence in segment(language.split("-")[0], text) if sentence.strip())
