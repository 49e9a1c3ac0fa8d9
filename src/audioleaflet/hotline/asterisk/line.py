"""The call's begin: the language, the leaflets of a language, and what can be pressed before one is chosen."""

from __future__ import annotations

from collections.abc import Iterator

from audioleaflet.hotline.asterisk import choosing, reading
from audioleaflet.hotline.asterisk.choosing import shelf_name
from audioleaflet.hotline.asterisk.keys import (
    ANSWER_S,
    BY_KEY,
    LANGUAGES,
    LIMIT_ANSWER_S,
    ROUNDS,
    START,
    Keys,
    Leaflet,
    Line,
    collected,
    dial,
    pressed,
    rounds,
    said,
    say,
    wait,
)
from audioleaflet.hotline.asterisk.plan import Context, Extension, extension
from audioleaflet.hotline.asterisk.sounds import of_edition, of_library
from audioleaflet.hotline.catalogue import Edition


def contexts(line: Line) -> Iterator[Context]:
    """The whole dialplan."""
    languages = line.catalogue.languages()
    yield _start(line)
    if len(languages) > 1:
        yield _languages(line)
    for language in languages:
        if len(line.editions(language)) > 1:
            yield from _Shelf(line, language).contexts()
    for edition in line.catalogue.editions:
        leaflet = Leaflet(line=line, edition=edition)
        yield from reading.contexts(leaflet)
        yield from choosing.contexts(leaflet)
    yield reading.find()


def _first(line: Line, language: str) -> str:
    """The step into a language, where the emergency number is told: a single leaflet begins at once."""
    editions = line.editions(language)
    place = shelf_name(language) if len(editions) > 1 else Leaflet(line=line, edition=editions[0]).at("welcome")
    return f"Goto({place},first,1)"


def _start(line: Line) -> Context:
    languages = line.catalogue.languages()
    begin = f"Goto({LANGUAGES},s,1)" if len(languages) > 1 else _first(line, languages[0])
    answered = f"Gosub({START},answer,1)"
    numbers = {number.removeprefix("+"): language for number, language in sorted(line.catalogue.dialled.items())}
    dialled = [
        extension(number, answered, f"Set(AL_SPOKEN={_key(languages, language)})", _first(line, language))
        for number, language in numbers.items()
    ]
    return Context(
        name=START,
        note="The call comes in here, at s or at the number that was dialled",
        extensions=(
            extension("s", answered, begin),
            *dialled,
            extension("_[+0-9]!", "Goto(s,1)"),
            extension(
                "answer",
                "Answer()",
                line.limit(),
                "Set(AL_RATE=normal)",
                "Set(AL_LEAD=)",
                "Set(AL_SPOKEN=1)",
                "Return()",
            ),
        ),
    )


def _key(languages: tuple[str, ...], language: str) -> int:
    """The key of a language; 1 where it has none of its own."""
    return languages.index(language) + 1 if language in languages[:9] else 1


def _languages(line: Line) -> Context:
    languages = line.catalogue.languages()[:9]
    offers = [
        sound for number, language in enumerate(languages, 1) for sound in said(language, "language", f"press-{number}")
    ]
    again = ("Goto(s,offer)",)
    keys: dict[str, tuple[str, ...]] = {
        **dict.fromkeys("123456789#", ("Goto(wrong${AL_SPOKEN},1)",)),
        **dict.fromkeys("0*", again),
        **{
            str(number): (f"Set(AL_SPOKEN={number})", _first(line, language))
            for number, language in enumerate(languages, 1)
        },
    }
    wrong = (
        extension(f"wrong{number}", *say(*said(language, "wrong-key")), *again)
        for number, language in enumerate(languages, 1)
    )
    offer, *more = say(*offers)
    return Context(
        name=LANGUAGES,
        note="Each language in its own words",
        extensions=(
            extension(
                "s",
                "Set(AL_ROUNDS=0)",
                f"offer: {offer}",
                *more,
                *wait(ANSWER_S),
                *rounds(ROUNDS, "offer"),
                "Goto(${AL_SPOKEN},1)",
            ),
            *pressed(keys),
            *wrong,
            extension("T", line.limit(), *again),
        ),
    )


class _Shelf:
    """The leaflets of a language that has several."""

    def __init__(self, line: Line, language: str) -> None:
        self._line = line
        self._language = language
        self._editions = line.editions(language)
        self._name = shelf_name(language)
        self._again = f"Goto({self._name},offer,1)"

    def contexts(self) -> Iterator[Context]:
        """The shelf itself, and what is reached from it."""
        yield self._shelf()
        if len(self._editions) > BY_KEY:
            yield self._entry()
        yield self._menu()
        yield self._connect()
        yield self._limit()

    def _said(self, *names: str) -> tuple[str, ...]:
        return say(*said(self._language, *names))

    def _begin(self, edition: Edition, way: str = "s") -> str:
        return f"Goto({Leaflet(line=self._line, edition=edition).at('welcome')},{way},1)"

    def _offers(self) -> tuple[str, ...]:
        if len(self._editions) > BY_KEY:
            return self._said("enter-leaflet")
        told: list[str] = []
        for number, edition in enumerate(self._editions, 1):
            told += [f"{of_edition(edition)}/choice", *said(self._language, f"press-{number}")]
        return say(*told)

    def _listed(self) -> tuple[str, ...]:
        """Every leaflet with its number."""
        if len(self._editions) <= BY_KEY:
            return self._offers()
        told: list[str] = []
        for edition in self._editions:
            digits = [f"digit-{digit}" for digit in edition.number[:-1]]
            told += [f"{of_edition(edition)}/choice"]
            told += said(self._language, *digits, f"last-digit-{edition.number[-1]}")
        return say(*told, *said(self._language, "enter-leaflet"))

    def _everywhere(self) -> Keys:
        return {
            "0": (f"Goto({self._name}-connect,s,1)",),
            "*": (f"Goto({self._name}-menu,s,1)",),
            "#": ("Set(AL_ROUNDS=0)", f"Goto({self._name},hash,1)"),
        }

    def _near_limit(self) -> Extension:
        return extension("T", f"Goto({self._name}-limit,s,1)")

    def _shelf(self) -> Context:
        first = self._begin(self._editions[0])
        no_chapters = (*self._said("wrong-key"), self._again)
        keys: dict[str, tuple[str, ...]] = dict.fromkeys("123456789", (*self._said("wrong-key"), self._again))
        if len(self._editions) > BY_KEY:
            keys = dict.fromkeys("123456789", ("Set(AL_DIGITS=)", f"Goto({self._name}-entry,${{EXTEN}},1)"))
        else:
            keys |= {str(number): (self._begin(edition),) for number, edition in enumerate(self._editions, 1)}
        return Context(
            name=self._name,
            note=f"The leaflets in {self._language}",
            extensions=(
                extension("first", "Set(AL_ROUNDS=0)", *self._said("emergency", "from"), "Goto(offer,1)"),
                extension("again", "Set(AL_ROUNDS=0)", *self._said("from"), "Goto(offer,1)"),
                extension("cancelled", *self._said("cancelled"), "Goto(offer,1)"),
                extension("wrong", "Set(AL_SAY=${AL_LEAD})", "Set(AL_LEAD=)", *say("${AL_SAY}"), "Goto(offer,1)"),
                extension("list", "Set(AL_ROUNDS=0)", *self._listed(), "Goto(quiet,1)"),
                extension("offer", *self._offers(), "Goto(quiet,1)"),
                extension("quiet", *wait(ANSWER_S), "Set(AL_ROUNDS=$[${AL_ROUNDS} + 1])", *self._enough(first)),
                *pressed({**keys, **self._everywhere(), "#": no_chapters}),
                self._near_limit(),
            ),
        )

    def _enough(self, first: str) -> tuple[str, ...]:
        return (f"GotoIf($[${{AL_ROUNDS}} < {ROUNDS}]?offer,1)", first)

    def _entry(self) -> Context:
        chosen = [f'GotoIf($["${{AL_DIGITS}}" = "{one.number}"]?number{one.number},1)' for one in self._editions]
        return Context(
            name=f"{self._name}-entry",
            note="A leaflet's number: # or three seconds end it, * cancels",
            extensions=(
                *pressed(
                    {
                        "_[1-9]": ("Set(AL_KEY=${EXTEN})", "Goto(digit,1)"),
                        "0": (f"Goto({self._name}-connect,s,1)",),
                        "*": (f"Goto({self._name},cancelled,1)",),
                        "#": ("Goto(entered,1)",),
                    }
                ),
                *collected(of_library(self._language), "entered"),
                extension(
                    "entered",
                    f"Gosub({self._name}-entry,spell,1)",
                    *chosen,
                    f"Set(AL_LEAD=${{AL_LEAD}}&{said(self._language, 'no-leaflet')[0]})",
                    f"Goto({self._name},wrong,1)",
                ),
                *(extension(f"number{one.number}", self._begin(one, "spelt")) for one in self._editions),
                self._near_limit(),
            ),
        )

    def _menu(self) -> Context:
        choices: dict[str, tuple[str, ...]] = {
            "4": (f"Goto({LANGUAGES},s,1)",)
            if len(self._line.catalogue.languages()) > 1
            else (f"Goto({self._name},again,1)",),
            "5": ("Set(AL_ROUNDS=0)", self._again),
        }
        wrong = (*self._said("wrong-key"), "Goto(s,1)")
        return Context(
            name=f"{self._name}-menu",
            note="The menu before a leaflet is chosen",
            extensions=(
                extension("s", *self._said("menu", "menu-leaflets"), *wait(ANSWER_S), "Set(AL_ROUNDS=0)", self._again),
                *pressed({**dict.fromkeys("123456789", wrong), **choices, **self._everywhere()}),
                self._near_limit(),
            ),
        )

    def _connect(self) -> Context:
        here = f"{self._name}-connect"
        listed = f"Goto({self._name},list,1)"
        if not self._line.person:
            return Context(
                name=here, note="Help: the leaflets", extensions=(extension("s", listed), self._near_limit())
            )
        return Context(
            name=here,
            note="A person, where there is one at this hour",
            extensions=(
                extension(
                    "s",
                    *self._line.unless_open("open", *self._said("closed"), listed),
                    f"open: {self._said('connect')[0]}",
                    *wait(3),
                    *dial(),
                    self._line.limit(),
                    "Set(AL_ROUNDS=0)",
                    f"Set(AL_LEAD={said(self._language, 'no-answer')[0]})",
                    f"Goto({self._name},wrong,1)",
                ),
                *pressed({"5": ("Set(AL_ROUNDS=0)", self._again), "*": (f"Goto({self._name}-menu,s,1)",)}),
                self._near_limit(),
            ),
        )

    def _limit(self) -> Context:
        on = (self._line.limit(), "Set(AL_ROUNDS=0)", self._again)
        star = (self._line.limit(), f"Goto({self._name}-menu,s,1)")
        return Context(
            name=f"{self._name}-limit",
            note="A minute before the time limit, and goodbye: any key goes on",
            extensions=(
                extension(
                    "s",
                    "Set(AL_ROUNDS=0)",
                    *self._said("time-limit"),
                    "Goto(quiet)",
                    f"again: {self._said('time-limit-again')[0]}",
                    f"quiet: {wait(LIMIT_ANSWER_S)[0]}",
                    *rounds(ROUNDS, "again"),
                    *self._said("goodbye"),
                    "Hangup()",
                ),
                *pressed({"_X": on, "#": on, "*": star}),
            ),
        )
