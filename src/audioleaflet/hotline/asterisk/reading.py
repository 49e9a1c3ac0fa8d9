"""The leaflet being read: the welcome, the sound and its keys. Where reading stops is in ``stops``.

A caller's place is a chapter, a sentence (AL_CUE, counted from 1) and a rate. The table of a leaflet says at which
millisecond each sentence starts at each rate, so that another rate goes on with the same sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from audioleaflet.hotline.asterisk import stops
from audioleaflet.hotline.asterisk.keys import FIND, Leaflet, go, pressed, say
from audioleaflet.hotline.asterisk.plan import Context, Extension, extension
from audioleaflet.hotline.asterisk.sentences import table
from audioleaflet.hotline.asterisk.sounds import of_chapter

_ALL = "1234567890*#"
_HASH_LATE_MS = 2000  # a # that ends a number may come so long after the line has read it back


def contexts(leaflet: Leaflet) -> Iterator[Context]:
    """The contexts in which the leaflet is read."""
    yield _welcome(leaflet)
    yield _typed(leaflet)
    yield _read(leaflet)
    yield from stops.contexts(leaflet)
    yield table(leaflet)


def _welcome(leaflet: Leaflet) -> Context:
    edition, read = leaflet.edition, leaflet.at("read")
    anew = f"Gosub({leaflet.at('welcome')},anew,1)"
    acts = {key: (f"Goto({read},{key},1)",) for key in "45789"}
    begins = {key: leaflet.read() for key in "1236"}
    keys = "keys" if len(leaflet.readable) > 1 else "keys-of-one"
    ways: tuple[Extension, ...] = ()
    if leaflet.line.several:  # who chooses the leaflet that is being heard keeps the place in it
        heard, spelt = (f'GotoIf($["${{AL_BOOK}}" = "{leaflet.book}"]?{read},{way},1)' for way in ("on", "spelt"))
        ways = (
            extension("s", heard, anew, "Goto(title,1)"),
            extension("again", heard, anew, *say(*leaflet.own("publisher")), "Goto(title,1)"),
            extension(
                "spelt", spelt, anew, "Set(AL_SAY=${AL_LEAD})", "Set(AL_LEAD=)", *say("${AL_SAY}"), "Goto(title,1)"
            ),
        )
    return Context(
        name=leaflet.at("welcome"),
        note=f"{edition.title} ({edition.language}): who speaks, what it is, whether it was checked, the keys",
        extensions=(
            extension("first", anew, *say(*leaflet.said("emergency"), *leaflet.own("publisher")), "Goto(title,1)"),
            *ways,
            extension("title", *say(*leaflet.own("title")), *_status(leaflet), *say(*leaflet.said(keys)), *go(read)),
            extension(
                "anew",
                f"Set(AL_BOOK={leaflet.book})",
                f"Set(AL_VERSION={edition.version[:16]})",
                f"Set(AL_CHAPTER={leaflet.readable[0]})",
                "Set(AL_CUE=1)",
                "Set(AL_AT=0)",
                "Set(AL_LEFT=-1)",
                "Return()",
            ),
            *pressed({**begins, **acts, **leaflet.everywhere()}),
            leaflet.limit(),
        ),
    )


def _status(leaflet: Leaflet) -> tuple[str, ...]:
    """What is told right after the title where it is not, or no longer, approved."""
    if leaflet.edition.state != "approved":
        return say(*leaflet.own("status"))
    return _if_past_due(leaflet, *say(*leaflet.said("past-due")))


def _if_past_due(leaflet: Leaflet, *steps: str) -> tuple[str, ...]:
    """``steps`` that are done from the day after an approved leaflet's review date on."""
    edition = leaflet.edition
    if edition.state != "approved" or not edition.review_due:
        return ()
    due = date.fromisoformat(edition.review_due)
    return (
        f"GotoIf($[${{STRFTIME(${{EPOCH}},,%Y%m%d)}} <= {due:%Y%m%d}]?checked)",
        *steps,
        "checked: NoOp()",
    )


def _typed(leaflet: Leaflet) -> Context:
    read = leaflet.at("read")
    return Context(
        name=leaflet.at("typed"),
        note="A chapter whose number was entered: it is read back, and a # that comes late does nothing",
        extensions=(
            extension(
                "s",
                f'GotoIf($["${{AL_VERSION}}" != "{leaflet.edition.version[:16]}"]?{read},s,1)',
                f"Gosub({leaflet.at('table')},${{AL_RATE}}${{AL_CHAPTER}},${{AL_CUE}})",
                "Set(AL_FROM=${GOSUB_RETVAL})",
                "Set(AL_AT=${AL_FROM})",
                "Set(AL_SAY=${AL_LEAD})",
                "Set(AL_LEAD=)",
                *say("${AL_SAY}"),
                "Set(AL_TYPED=1)",
                f"Goto({read},s,sound)",
            ),
            *pressed({**{key: (f"Goto({read},{key},1)",) for key in "0123456789"}, "*": (f"Goto({read},star,1)",)}),
            leaflet.limit(),
        ),
    )


def _read(leaflet: Leaflet) -> Context:
    edition = leaflet.edition
    find = f"Gosub({FIND},s,1({leaflet.at('table')}))"
    start = "s,1"
    return Context(
        name=leaflet.at("read"),
        note="Reading: AL_LEAD is said first, then the chapter from its sentence AL_CUE on",
        extensions=(
            extension(
                "s",
                "Set(AL_TYPED=0)",
                # An exchange may be given a new edition while people listen to the old one.
                f'GotoIf($["${{AL_VERSION}}" = "{edition.version[:16]}"]?same)',
                f"Gosub({leaflet.at('read')},updated,1)",
                f"same: Gosub({leaflet.at('table')},${{AL_RATE}}${{AL_CHAPTER}},${{AL_CUE}})",
                "Set(AL_AT=${GOSUB_RETVAL})",
                "Set(AL_SAY=${AL_LEAD})",
                "Set(AL_LEAD=)",
                'GotoIf($["${AL_SAY}" = ""]?sound)',
                *say("${AL_SAY}"),
                "sound: Set(AL_READING=1)",
                f"ControlPlayback({of_chapter(edition, '${AL_RATE}', '${AL_CHAPTER}')},,,,{_ALL},,,o(${{AL_AT}}))",
                "Set(AL_READING=0)",
                # The key of an earlier sound is still in CPLAYBACKSTOPKEY when one has played to its end.
                'GotoIf($["${CPLAYBACKSTATUS}" = "SUCCESS"]?ended,1)',
                'GotoIf($["${CPLAYBACKSTATUS}" != "USERSTOPPED"]?broken,1)',
                "Set(AL_AT=${CPLAYBACKOFFSET})",
                find,
                'GotoIf($["${CPLAYBACKSTOPKEY}" = "*"]?star,1)',
                'GotoIf($["${CPLAYBACKSTOPKEY}" = "#"]?sharp,1)',
                "Goto(${CPLAYBACKSTOPKEY},1)",
            ),
            extension(
                "sharp",
                'GotoIf($["${AL_TYPED}" != "1"]?hash,1)',
                "Set(AL_TYPED=0)",
                f"GotoIf($[${{AL_AT}} <= ${{AL_FROM}} + {_HASH_LATE_MS}]?s,sound)",
                "Goto(hash,1)",
            ),
            *_ways_back(leaflet),
            _updated(leaflet),
            extension("ended", *_chapter_ended(leaflet)),
            # A sound that the exchange cannot play: nobody is left in silence.
            extension("broken", *go(leaflet.at("bye"))),
            *_seeking(leaflet, find, start),
            *_moving(leaflet),
            *_rates(leaflet),
            *pressed(leaflet.everywhere()),
            extension(
                "T",
                'GotoIf($["${AL_READING}" != "1"]?told)',
                "Set(AL_READING=0)",
                "Set(AL_AT=${IF($[0${CPLAYBACKOFFSET} > ${AL_AT}]?${CPLAYBACKOFFSET}:${AL_AT})})",
                find,
                f"told: Goto({leaflet.at('limit')},s,1)",
            ),
        ),
    )


def _ways_back(leaflet: Leaflet) -> tuple[Extension, ...]:
    """From the choice of another leaflet back to this one. Each is come to with what is said before it goes on."""
    if not leaflet.line.several:
        return ()

    def back(name: str, *lead: str) -> Extension:
        return extension(name, f"Set(AL_LEAD={'&'.join([*lead, *leaflet.said('going-on')])})", "Goto(s,1)")

    return (
        back("on"),
        back("cancel", *leaflet.said("cancelled")),
        back("sorry", *leaflet.said("no-answer")),
        back("spelt", "${AL_LEAD}"),
    )


def _updated(leaflet: Leaflet) -> Extension:
    """Another edition than a moment ago: that is said, then what it is. One that was withdrawn says so itself."""
    edition, first, last = leaflet.edition, leaflet.readable[0], leaflet.readable[-1]
    told = [] if edition.state == "withdrawn" else leaflet.said("updated")
    told += leaflet.own("title", *(["status"] if edition.state != "approved" else []))
    return extension(
        "updated",
        f"Set(AL_VERSION={edition.version[:16]})",
        f"Set(AL_LEAD={'&'.join(told)})",
        *_if_past_due(leaflet, f"Set(AL_LEAD=${{AL_LEAD}}&{leaflet.said('past-due')[0]})"),
        "Set(AL_CUE=1)",
        "Set(AL_LEFT=-1)",
        f"GotoIf($[${{AL_CHAPTER}} <= {last}]?there)",
        f"Set(AL_CHAPTER={first})",
        "there: Return()",
    )


def _chapter_ended(leaflet: Leaflet) -> tuple[str, ...]:
    last = leaflet.readable[-1]
    introduction = ("GotoIf($[${AL_CHAPTER} = 0]?leave,1)",) if leaflet.introduced else ()
    return (
        *introduction,
        f"GotoIf($[${{AL_CHAPTER}} >= {last}]?last)",
        "Set(AL_CHAPTER=$[${AL_CHAPTER} + 1])",
        "Set(AL_CUE=1)",
        "Goto(s,1)",
        f"last: Goto({leaflet.at('end')},s,1)",
    )


def _seeking(leaflet: Leaflet, find: str, start: str) -> tuple[Extension, ...]:
    """Keys 1, 2, 3 and 5: ten seconds back or on, the chapter again, pause."""
    return (
        extension("1", "Set(AL_AT=$[${AL_AT} - 10000])", find, *leaflet.read(*leaflet.said("back"))),
        extension("2", "Set(AL_CUE=1)", f"Goto({start})"),
        extension(
            "3",
            # The first sentence that starts no earlier than in ten seconds.
            "Set(AL_AT=$[${AL_AT} + 9999])",
            "Set(AL_HERE=${AL_CUE})",
            find,
            f"Gosub({leaflet.at('table')},count${{AL_CHAPTER}},1)",
            "GotoIf($[${AL_CUE} >= ${GOSUB_RETVAL}]?none)",
            "Set(AL_CUE=$[${AL_CUE} + 1])",
            *leaflet.read(*leaflet.said("forward")),
            "none: Set(AL_CUE=${AL_HERE})",
            "Goto(6,1)",
        ),
        extension("5", *go(leaflet.at("pause"))),
    )


def _moving(leaflet: Leaflet) -> tuple[Extension, ...]:
    """Keys 4, 6 and 8: the chapter before, the next, how to say the words."""
    first, last = leaflet.readable[0], leaflet.readable[-1]
    from_introduction = ("GotoIf($[${AL_CHAPTER} = 0]?leave,1)",) if leaflet.introduced else ()
    from_words: tuple[str, ...] = ("GotoIf($[${AL_CHAPTER} > 0]?chapter)", "GotoIf($[${AL_LEFT} > 0]?leave,1)")
    if not leaflet.introduced:
        from_words = ()
    words: tuple[str, ...] = ("Goto(leave,1)",)
    leave: tuple[Extension, ...] = (_leave(leaflet),)
    if leaflet.edition.state == "withdrawn":
        words, leave = ("Goto(2,1)",), ()
    elif leaflet.introduced:
        words = (
            *from_introduction,
            "Set(AL_LEFT=${AL_CHAPTER})",
            "Set(AL_LEFTCUE=${AL_CUE})",
            "Set(AL_CHAPTER=0)",
            "Set(AL_CUE=1)",
            "Goto(s,1)",
        )
    return (
        extension(
            "4",
            *from_words,
            f"chapter: GotoIf($[${{AL_CHAPTER}} <= {first}]?none)",
            "Set(AL_CHAPTER=$[${AL_CHAPTER} - 1])",
            "Set(AL_CUE=1)",
            "Goto(s,1)",
            f"none: Set(AL_LEAD={'&'.join(leaflet.said('first-chapter'))})",
            "Goto(s,1)",
        ),
        extension(
            "6",
            *from_introduction,
            f"GotoIf($[${{AL_CHAPTER}} >= {last}]?none)",
            "Set(AL_CHAPTER=$[${AL_CHAPTER} + 1])",
            "Set(AL_CUE=1)",
            "Goto(s,1)",
            f"none: Set(AL_LEAD={'&'.join(leaflet.said('last-chapter'))})",
            "Goto(s,1)",
        ),
        extension("8", *words),
        *leave,
    )


def _leave(leaflet: Leaflet) -> Extension:
    """From how to say the words back to the sentence that was left, or to the first chapter."""
    return extension(
        "leave",
        f"Set(AL_LEAD={'&'.join(leaflet.said('to-the-leaflet'))})",
        "GotoIf($[${AL_LEFT} > 0]?back)",
        f"Set(AL_LEFT={leaflet.readable[0]})",
        "Set(AL_LEFTCUE=1)",
        "back: Set(AL_CHAPTER=${AL_LEFT})",
        "Set(AL_CUE=${AL_LEFTCUE})",
        "Set(AL_LEFT=-1)",
        "Goto(s,1)",
    )


def _rates(leaflet: Leaflet) -> tuple[Extension, ...]:
    """Keys 7 and 9: slower, faster."""

    def change(key: str, end: str, other: str, told: str, at_end: str) -> Extension:
        return extension(
            key,
            f'GotoIf($["${{AL_RATE}}" = "{end}"]?none)',
            f'Set(AL_RATE=${{IF($["${{AL_RATE}}" = "{other}"]?normal:{end})}})',
            f"Set(AL_LEAD={'&'.join(leaflet.said(told))})",
            "Goto(s,1)",
            f"none: Set(AL_LEAD={'&'.join(leaflet.said(at_end))})",
            "Goto(s,1)",
        )

    return (
        change("7", "slow", "fast", "slower", "slowest"),
        change("9", "fast", "slow", "faster", "fastest"),
    )
