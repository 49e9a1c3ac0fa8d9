"""Where each sentence of a leaflet starts, and which of them sounds at a moment."""

from __future__ import annotations

from audioleaflet.hotline.asterisk.keys import FIND, Leaflet
from audioleaflet.hotline.asterisk.plan import Context, Extension, extension
from audioleaflet.hotline.catalogue import RATES


def table(leaflet: Leaflet) -> Context:
    """The starts of a leaflet's sentences, at every rate."""
    found: list[Extension] = []
    for chapter in leaflet.edition.chapters:
        found.append(extension(f"count{chapter.number}", f"Return({len(chapter.sounds[0].cues)})"))
        for rate, sound in zip(RATES, chapter.sounds, strict=True):
            starts = [*(cue.begin_ms for cue in sound.cues), sound.duration_ms]
            found.append(extension(f"{rate}{chapter.number}", *(f"Return({start})" for start in starts)))
    return Context(
        name=leaflet.at("table"),
        note="Where each sentence starts, in ms: priority n is sentence n, and one more for the chapter's end",
        extensions=tuple(found),
    )


def find() -> Context:
    """Which sentence sounds at a moment, by halving what is left of the table."""
    return Context(
        name=FIND,
        note="AL_CUE: the last sentence of AL_CHAPTER that starts at or before AL_AT ms. ARG1: the table.",
        extensions=(
            extension(
                "s",
                "Gosub(${ARG1},count${AL_CHAPTER},1)",
                "Set(AL_HIGH=${GOSUB_RETVAL})",
                "Set(AL_CUE=1)",
                "more: GotoIf($[${AL_CUE} >= ${AL_HIGH}]?found)",
                "Set(AL_MIDDLE=$[${AL_CUE} + ${AL_HIGH} + 1])",
                "Set(AL_MIDDLE=${MATH(${AL_MIDDLE}/2,int)})",
                "Gosub(${ARG1},${AL_RATE}${AL_CHAPTER},${AL_MIDDLE})",
                "GotoIf($[${GOSUB_RETVAL} > ${AL_AT}]?lower)",
                "Set(AL_CUE=${AL_MIDDLE})",
                "Goto(more)",
                "lower: Set(AL_HIGH=$[${AL_MIDDLE} - 1])",
                "Goto(more)",
                "found: Return()",
            ),
        ),
    )
