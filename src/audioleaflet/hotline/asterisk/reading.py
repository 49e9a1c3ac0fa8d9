"""The leaflet being read: the welcome, the sound and its keys, the pause, the end, the time limit.

A caller's place is a chapter, a sentence (AL_CUE, counted from 1) and a rate. The table of a leaflet says at which
millisecond each sentence starts at each rate, so that another rate goes on with the same sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from audioleaflet.hotline.asterisk.keys import (
    ANSWER_S,
    FIND,
    LIMIT_ANSWER_S,
    ROUNDS,
    Leaflet,
    pressed,
    rounds,
    say,
    wait,
)
from audioleaflet.hotline.asterisk.plan import Context, Extension, extension
from audioleaflet.hotline.asterisk.sounds import of_chapter
from audioleaflet.hotline.catalogue import RATES

_ALL = "1234567890*#"
_PAUSE_MINUTES = 10


def contexts(leaflet: Leaflet) -> Iterator[Context]:
    """The contexts in which the leaflet is read."""
    yield _welcome(leaflet)
    yield _read(leaflet)
    yield _pause(leaflet)
    yield _end(leaflet)
    yield _limit(leaflet)
    yield _bye(leaflet)
    yield _table(leaflet)


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


def _welcome(leaflet: Leaflet) -> Context:
    edition, read = leaflet.edition, leaflet.at("read")
    anew = f"Gosub({leaflet.at('welcome')},anew,1)"
    acts = {key: (f"Goto({read},{key},1)",) for key in "45789"}
    begins = {key: leaflet.read() for key in "1236"}
    keys = "keys" if len(leaflet.readable) > 1 else "keys-of-one"
    return Context(
        name=leaflet.at("welcome"),
        note=f"{edition.title} ({edition.language}): who speaks, what it is, whether it was checked, the keys",
        extensions=(
            extension("first", anew, *say(*leaflet.said("emergency"), *leaflet.own("publisher")), "Goto(title,1)"),
            extension("s", anew, "Goto(title,1)"),
            extension("spelt", anew, "Set(AL_SAY=${AL_LEAD})", "Set(AL_LEAD=)", *say("${AL_SAY}"), "Goto(title,1)"),
            extension("title", *say(*leaflet.own("title")), *_status(leaflet), *say(*leaflet.said(keys)), *_go(read)),
            extension(
                "anew",
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


def _go(context: str) -> tuple[str, ...]:
    return (f"Goto({context},s,1)",)


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
                'GotoIf($["${CPLAYBACKSTOPKEY}" = "#"]?hash,1)',
                "Goto(${CPLAYBACKSTOPKEY},1)",
            ),
            _updated(leaflet),
            extension("ended", *_chapter_ended(leaflet)),
            # A sound that the exchange cannot play: nobody is left in silence.
            extension("broken", *_go(leaflet.at("bye"))),
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
        extension("5", *_go(leaflet.at("pause"))),
    )


def _moving(leaflet: Leaflet) -> tuple[Extension, ...]:
    """Keys 4, 6 and 8: the chapter before, the next, how to say the words."""
    first, last = leaflet.readable[0], leaflet.readable[-1]
    from_introduction = ("GotoIf($[${AL_CHAPTER} = 0]?leave,1)",) if leaflet.introduced else ()
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
            f"GotoIf($[${{AL_CHAPTER}} <= {first}]?none)",
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


def _pause(leaflet: Leaflet) -> Context:
    keys = {key: (f"Goto({leaflet.at('read')},{key},1)",) for key in "12346789"}
    return Context(
        name=leaflet.at("pause"),
        note="Paused: silence is sent, a word comes each minute, and after ten the call ends",
        extensions=(
            extension(
                "s",
                "Set(AL_ROUNDS=0)",
                f"Gosub({leaflet.at('table')},${{AL_RATE}}${{AL_CHAPTER}},${{AL_CUE}})",
                "Set(AL_AT=${GOSUB_RETVAL})",
                *say(*leaflet.said("paused")),
                "Goto(minute)",
                f"again: {say(*leaflet.said('still-paused'))[0]}",
                f"minute: {wait(60)[0]}",
                *rounds(_PAUSE_MINUTES, "again"),
                *_go(leaflet.at("bye")),
            ),
            *pressed({**keys, "5": leaflet.go_on(), **leaflet.everywhere()}),
            leaflet.limit(),
        ),
    )


def _end(leaflet: Leaflet) -> Context:
    prompt = "notice-finished" if leaflet.edition.state == "withdrawn" else "finished"
    told, wrong = say(*leaflet.said(prompt)), say(*leaflet.said("wrong-key"))
    reads = {key: (f"Goto({leaflet.at('read')},{key},1)",) for key in "124789"}
    table = leaflet.at("table")
    return Context(
        name=leaflet.at("end"),
        note="After the last chapter: what can be done is told three times",
        extensions=(
            extension(
                "s",
                "Set(AL_ROUNDS=0)",
                f"Gosub({table},count${{AL_CHAPTER}},1)",
                "Set(AL_CUE=${GOSUB_RETVAL})",
                f"Gosub({table},${{AL_RATE}}${{AL_CHAPTER}},$[${{AL_CUE}} + 1])",
                "Set(AL_AT=${GOSUB_RETVAL})",
                f"again: {told[0]}",
                *wait(ANSWER_S),
                *rounds(ROUNDS, "again"),
                *_go(leaflet.at("bye")),
            ),
            *pressed({**reads, **dict.fromkeys("356", (*wrong, "Goto(s,again)")), **leaflet.everywhere()}),
            leaflet.limit(),
        ),
    )


def _limit(leaflet: Leaflet) -> Context:
    on = (leaflet.line.limit(), *leaflet.go_on())
    return Context(
        name=leaflet.at("limit"),
        note="A minute before the time limit: any key goes on listening",
        extensions=(
            extension(
                "s",
                "Set(AL_ROUNDS=0)",
                *say(*leaflet.said("time-limit")),
                "Goto(quiet)",
                f"again: {say(*leaflet.said('time-limit-again'))[0]}",
                f"quiet: {wait(LIMIT_ANSWER_S)[0]}",
                *rounds(ROUNDS, "again"),
                *_go(leaflet.at("bye")),
            ),
            *pressed({"_X": on, "#": on, "*": (leaflet.line.limit(), *_go(leaflet.at("menu")))}),
        ),
    )


def _bye(leaflet: Leaflet) -> Context:
    on = (leaflet.line.limit(), *leaflet.go_on())
    return Context(
        name=leaflet.at("bye"),
        note="Goodbye; a key still goes on listening",
        extensions=(
            extension("s", *say(*leaflet.said("goodbye")), "Hangup()"),
            *pressed({"_X": on, "#": on, "*": (leaflet.line.limit(), *_go(leaflet.at("menu")))}),
        ),
    )


def _table(leaflet: Leaflet) -> Context:
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
