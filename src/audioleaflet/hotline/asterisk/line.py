"""The call's begin: the number that was dialled, and the choice of a language."""

from __future__ import annotations

from collections.abc import Iterator

from audioleaflet.hotline.asterisk import choosing, reading, sentences, shelves
from audioleaflet.hotline.asterisk.choosing import shelf_name
from audioleaflet.hotline.asterisk.keys import (
    ANSWER_S,
    LANGUAGES,
    ROUNDS,
    START,
    Leaflet,
    Line,
    back_key,
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


def contexts(line: Line) -> Iterator[Context]:
    """The whole dialplan."""
    languages = line.catalogue.languages()
    yield _start(line)
    if len(languages) > 1:
        yield from _Languages(line).contexts()
    for language in languages:
        if len(line.editions(language)) > 1:
            yield from shelves.contexts(line, language)
    for edition in line.catalogue.editions:
        leaflet = Leaflet(line=line, edition=edition)
        yield from reading.contexts(leaflet)
        yield from choosing.contexts(leaflet)
    yield sentences.find()


def _into(line: Line, language: str, way: str) -> str:
    """The step into a language, ``first`` where the emergency number is told: a single leaflet begins at once."""
    editions = line.editions(language)
    place = shelf_name(language) if len(editions) > 1 else Leaflet(line=line, edition=editions[0]).at("welcome")
    return f"Goto({place},{way},1)"


def _told(line: Line, language: str) -> str:
    """The variable that is 1 from when the emergency number was told in a language."""
    return f"AL_TOLD{line.catalogue.languages().index(language) + 1}"


def _start(line: Line) -> Context:
    languages = line.catalogue.languages()
    begin = f"Goto({LANGUAGES},s,1)" if len(languages) > 1 else _into(line, languages[0], "first")
    answered = f"Gosub({START},answer,1)"
    numbers = {number.removeprefix("+"): language for number, language in sorted(line.catalogue.dialled.items())}
    dialled = [
        extension(
            number,
            answered,
            f"Set(AL_SPOKEN={line.spoken(language)})",
            f"Set({_told(line, language)}=1)",
            _into(line, language, "first"),
        )
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
                "Set(AL_BOOK=)",
                "Return()",
            ),
        ),
    )


class _Languages:
    """The choice of a language. AL_SPOKEN is the key of the one that is spoken until another is chosen."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._languages = line.catalogue.languages()[:9]
        self._again = ("Set(AL_ROUNDS=0)", f"Goto({LANGUAGES},s,offer)")

    def contexts(self) -> Iterator[Context]:
        """The choice itself, and a person before it is made."""
        yield self._choice()
        if self._line.person:
            for number, language in enumerate(self._languages, 1):
                yield self._connect(number, language)

    def _choice(self) -> Context:
        languages = self._languages
        offers = [sound for at, one in enumerate(languages, 1) for sound in said(one, "language", f"press-{at}")]
        offer, *more = say(*offers)
        back = back_key(len(languages))
        wrong = "Goto(wrong${AL_SPOKEN},1)"
        zero = f"Goto({LANGUAGES}-connect-${{AL_SPOKEN}},s,1)" if self._line.person else "Goto(help${AL_SPOKEN},1)"
        keys: dict[str, tuple[str, ...]] = {
            **dict.fromkeys("123456789#", (wrong,)),
            "0": (zero,),
            "*": (if_heard("menu,s"), "Goto(help${AL_SPOKEN},1)"),
            **({"5": (if_heard("read,on"), wrong)} if back == "5" else {}),
            **{str(number): self._chosen(number, language) for number, language in enumerate(languages, 1)},
        }
        if back == "*":
            keys["*"] = (if_heard("read,cancel"), "Goto(help${AL_SPOKEN},1)")
        return Context(
            name=LANGUAGES,
            note="Each language in its own words",
            extensions=(
                extension(
                    "s",
                    "Set(AL_ROUNDS=0)",
                    f"offer: {offer}",
                    *more,
                    'GotoIf($["${AL_BOOK}" != ""]?stay${AL_SPOKEN},1)',
                    f"quiet: {wait(ANSWER_S)[0]}",
                    *rounds(ROUNDS, "offer"),
                    if_heard("read,on"),
                    "Goto(${AL_SPOKEN},1)",
                ),
                *pressed(keys),
                *(words for number, language in enumerate(languages, 1) for words in self._words(number, language)),
                extension("T", if_heard("limit,s"), self._line.limit(), "Goto(s,offer)"),
            ),
        )

    def _chosen(self, number: int, language: str) -> tuple[str, ...]:
        told = _told(self._line, language)
        return (
            f"Set(AL_SPOKEN={number})",
            f'GotoIf($["${{{told}}}" = "1"]?told)',
            f"Set({told}=1)",
            _into(self._line, language, "first"),
            f"told: {_into(self._line, language, 'again')}",
        )

    def _words(self, number: int, language: str) -> Iterator[Extension]:
        """What is said in a language while it is the one that is spoken."""
        yield extension(f"wrong{number}", *say(*said(language, "wrong-key")), "Goto(s,offer)")
        anew, offer = self._again  # from the key on, not from the end of what is said
        yield extension(f"help{number}", anew, *say(*said(language, "language-help")), offer)
        if self._line.person:
            yield extension(f"sorry{number}", anew, *say(*said(language, "no-answer")), offer)
            if self._line.settings.operator_hours:
                yield extension(f"closed{number}", anew, *say(*said(language, "closed", "language-help")), offer)
        yield extension(f"stay{number}", *say(*said(language, way_back(len(self._languages)))), "Goto(s,quiet)")

    def _connect(self, number: int, language: str) -> Context:
        on: tuple[str, ...] = ()
        sorry: tuple[str, ...] = ()
        if len(self._line.editions(language)) > 1:  # the language may be known, and a leaflet not yet chosen
            known, shelf = f'GotoIf($["${{{_told(self._line, language)}}}" = "1"]?', shelf_name(language)
            on = ("Set(AL_ROUNDS=0)", f"{known}{shelf},offer,1)")
            lead = said(language, "no-answer")[0]
            sorry = ("Set(AL_ROUNDS=0)", f"Set(AL_LEAD={lead})", f"{known}{shelf},wrong,1)", "Set(AL_LEAD=)")
        return Context(
            name=f"{LANGUAGES}-connect-{number}",
            note="A person before a language is chosen, where there is one at this hour",
            extensions=(
                extension(
                    "s",
                    *self._line.unless_open("open", f"Goto({LANGUAGES},closed{number},1)"),
                    f"open: {say(*said(language, 'connect'))[0]}",
                    *wait(3),
                    *dial(),
                    self._line.limit(),
                    if_heard("read,sorry"),
                    *sorry,
                    f"Goto({LANGUAGES},sorry{number},1)",
                ),
                *pressed(
                    {
                        "5": (if_heard("read,on"), *on, *self._again),
                        "*": (if_heard("menu,s"), f"Goto({LANGUAGES},help{number},1)"),
                    }
                ),
                extension("T", if_heard("limit,s"), self._line.limit(), f"Goto({LANGUAGES},s,offer)"),
            ),
        )
