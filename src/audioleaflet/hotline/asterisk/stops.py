"""Where reading stops: a pause, the end of the leaflet, the time limit, and goodbye."""

from __future__ import annotations

from collections.abc import Iterator

from audioleaflet.hotline.asterisk.keys import ANSWER_S, LIMIT_ANSWER_S, ROUNDS, Leaflet, go, pressed, rounds, say, wait
from audioleaflet.hotline.asterisk.plan import Context, extension

_PAUSE_MINUTES = 10


def contexts(leaflet: Leaflet) -> Iterator[Context]:
    """The contexts in which nothing is read."""
    yield _pause(leaflet)
    yield _end(leaflet)
    yield _limit(leaflet)
    yield _bye(leaflet)


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
                *go(leaflet.at("bye")),
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
                *go(leaflet.at("bye")),
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
                *go(leaflet.at("bye")),
            ),
            *pressed({"_X": on, "#": on, "*": (leaflet.line.limit(), *go(leaflet.at("menu")))}),
        ),
    )


def _bye(leaflet: Leaflet) -> Context:
    on = (leaflet.line.limit(), *leaflet.go_on())
    return Context(
        name=leaflet.at("bye"),
        note="Goodbye; a key still goes on listening",
        extensions=(
            extension("s", *say(*leaflet.said("goodbye")), "Hangup()"),
            *pressed({"_X": on, "#": on, "*": (leaflet.line.limit(), *go(leaflet.at("menu")))}),
        ),
    )
