"""The leaflets of a language that has several, and what can be pressed before one of them is chosen.

A leaflet that is being heard waits in AL_BOOK until another begins.
"""

from __future__ import annotations

from collections.abc import Iterator

from audioleaflet.hotline.asterisk.choosing import shelf_name
from audioleaflet.hotline.asterisk.keys import (
    ANSWER_S,
    BY_KEY,
    LANGUAGES,
    LIMIT_ANSWER_S,
    ROUNDS,
    Leaflet,
    Line,
    collected,
    dial,
    if_heard,
    pressed,
    rounds,
    said,
    say,
    wait,
    way_back,
)
from audioleaflet.hotline.asterisk.plan import Context, Extension, extension
from audioleaflet.hotline.asterisk.sounds import of_edition, of_library
from audioleaflet.hotline.catalogue import Edition


def contexts(line: Line, language: str) -> Iterator[Context]:
    """The contexts in which one of the leaflets of a language is chosen."""
    return _Shelf(line, language).contexts()


class _Shelf:
    """The leaflets of a language that has several."""

    def __init__(self, line: Line, language: str) -> None:
        self._line = line
        self._language = language
        self._editions = line.editions(language)
        self._name = shelf_name(language)
        self._by_number = len(self._editions) > BY_KEY
        self._again = f"Goto({self._name},offer,1)"
        self._on = (if_heard("read,on"), "Set(AL_ROUNDS=0)", self._again)
        self._star = (if_heard("menu,s"), f"Goto({self._name}-menu,s,1)")

    def contexts(self) -> Iterator[Context]:
        """The shelf itself, and what is reached from it."""
        yield self._shelf()
        if self._by_number:
            yield self._entry()
        yield self._menu()
        yield self._connect()
        yield self._limit()

    def _said(self, *names: str) -> tuple[str, ...]:
        return say(*said(self._language, *names))

    def _begin(self, edition: Edition, way: str = "s") -> str:
        return f"Goto({Leaflet(line=self._line, edition=edition).at('welcome')},{way},1)"

    def _offers(self) -> tuple[str, ...]:
        if self._by_number:
            return self._said("enter-leaflet")
        told: list[str] = []
        for number, edition in enumerate(self._editions, 1):
            told += [f"{of_edition(edition)}/choice", *said(self._language, f"press-{number}")]
        return say(*told)

    def _listed(self) -> tuple[str, ...]:
        """Every leaflet with its number."""
        if not self._by_number:
            return self._offers()
        told: list[str] = []
        for edition in self._editions:
            digits = [f"digit-{digit}" for digit in edition.number[:-1]]
            told += [f"{of_edition(edition)}/choice"]
            told += said(self._language, *digits, f"last-digit-{edition.number[-1]}")
        return say(*told, *said(self._language, "enter-leaflet"))

    def _zero(self) -> tuple[str, ...]:
        """Key 0 where a leaflet is chosen: the list where a number is entered, as is said there; else a person."""
        return (f"Goto({self._name},list,1)" if self._by_number else f"Goto({self._name}-connect,s,1)",)

    def _near_limit(self) -> Extension:
        return extension("T", f"Goto({self._name}-limit,s,1)")

    def _shelf(self) -> Context:
        first = self._begin(self._editions[0])
        wrong = (*self._said("wrong-key"), self._again)
        keys: dict[str, tuple[str, ...]] = {**dict.fromkeys("123456789#", wrong), "0": self._zero(), "*": self._star}
        if self._by_number:
            keys |= dict.fromkeys("123456789", ("Set(AL_DIGITS=)", f"Goto({self._name}-entry,${{EXTEN}},1)"))
            keys["#"] = (self._again,)
            keys["*"] = (if_heard("read,cancel"), *self._star[1:])
        else:
            keys |= {str(number): (self._begin(edition),) for number, edition in enumerate(self._editions, 1)}
            keys["5"] = (if_heard("read,on"), *wrong)
        return Context(
            name=self._name,
            note=f"The leaflets in {self._language}",
            extensions=(
                extension("first", "Set(AL_ROUNDS=0)", *self._said("emergency", "from"), "Goto(offer,1)"),
                extension("again", "Set(AL_ROUNDS=0)", *self._said("from"), "Goto(offer,1)"),
                extension("cancelled", *self._said("cancelled"), "Goto(offer,1)"),
                extension("wrong", "Set(AL_SAY=${AL_LEAD})", "Set(AL_LEAD=)", *say("${AL_SAY}"), "Goto(offer,1)"),
                extension("list", "Set(AL_ROUNDS=0)", *self._listed(), "Goto(back,1)"),
                extension("offer", *self._offers(), "Goto(back,1)"),
                extension(
                    "back",
                    'GotoIf($["${AL_BOOK}" = ""]?quiet,1)',
                    *self._said(way_back(len(self._editions))),
                    "Goto(quiet,1)",
                ),
                extension("quiet", *wait(ANSWER_S), *rounds(ROUNDS, "offer,1"), if_heard("read,on"), first),
                *self._closed(),
                *pressed(keys),
                self._near_limit(),
            ),
        )

    def _closed(self) -> tuple[Extension, ...]:
        if not self._line.person or not self._line.settings.operator_hours:
            return ()
        return (extension("closed", "Set(AL_ROUNDS=0)", *self._said("closed"), "Goto(list,1)"),)

    def _entry(self) -> Context:
        chosen = [f'GotoIf($["${{AL_DIGITS}}" = "{one.number}"]?number{one.number},1)' for one in self._editions]
        return Context(
            name=f"{self._name}-entry",
            note="A leaflet's number: # or three seconds end it, * cancels",
            extensions=(
                *pressed(
                    {
                        "_[1-9]": ("Set(AL_KEY=${EXTEN})", "Goto(digit,1)"),
                        "0": self._zero(),
                        "*": (if_heard("read,cancel"), f"Goto({self._name},cancelled,1)"),
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
            "0": (f"Goto({self._name}-connect,s,1)",),
            "*": ("Goto(s,1)",),
            "#": ("Set(AL_ROUNDS=0)", f"Goto({self._name},hash,1)"),
        }
        wrong = (*self._said("wrong-key"), "Goto(s,1)")
        offer = self._said("menu", "menu-choose", "menu-help")
        if self._line.person:
            opened = self._said("menu", "menu-choose", "menu-person")[0]
            offer = (*self._line.unless_open("open", *offer, "Goto(quiet)"), f"open: {opened}")
        return Context(
            name=f"{self._name}-menu",
            note="The menu before a leaflet is chosen",
            extensions=(
                extension("s", *offer, f"quiet: {wait(ANSWER_S)[0]}", "Set(AL_ROUNDS=0)", self._again),
                *pressed({**dict.fromkeys("123456789", wrong), **choices}),
                self._near_limit(),
            ),
        )

    def _connect(self) -> Context:
        here = f"{self._name}-connect"
        if not self._line.person:
            listed = extension("s", f"Goto({self._name},list,1)")
            return Context(name=here, note="Help: the leaflets", extensions=(listed, self._near_limit()))
        return Context(
            name=here,
            note="A person, where there is one at this hour",
            extensions=(
                extension(
                    "s",
                    *self._line.unless_open("open", f"Goto({self._name},closed,1)"),
                    f"open: {self._said('connect')[0]}",
                    *wait(3),
                    *dial(),
                    self._line.limit(),
                    if_heard("read,sorry"),
                    "Set(AL_ROUNDS=0)",
                    f"Set(AL_LEAD={said(self._language, 'no-answer')[0]})",
                    f"Goto({self._name},wrong,1)",
                ),
                *pressed({"5": self._on, "*": self._star}),
                self._near_limit(),
            ),
        )

    def _limit(self) -> Context:
        on, star = (self._line.limit(), *self._on), (self._line.limit(), *self._star)
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
