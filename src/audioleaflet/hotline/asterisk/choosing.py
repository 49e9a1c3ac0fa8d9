"""The menu and all that is chosen in it: chapters, telephone numbers, a person, help."""

from __future__ import annotations

from collections.abc import Iterator

from audioleaflet.hotline.asterisk.keys import (
    ANSWER_S,
    LANGUAGES,
    ROUNDS,
    Keys,
    Leaflet,
    collected,
    dial,
    pressed,
    rounds,
    say,
    wait,
)
from audioleaflet.hotline.asterisk.plan import Context, extension
from audioleaflet.hotline.asterisk.sounds import FOLDER, name, of_edition, of_library


def contexts(leaflet: Leaflet) -> Iterator[Context]:
    """The contexts in which something is chosen."""
    yield _menu(leaflet)
    if len(leaflet.readable) > 1:
        yield _chapters(leaflet)
    yield _entry(leaflet)
    for number in range(1, len(leaflet.edition.contacts) + 1):
        yield _number(leaflet, number)
    yield _connect(leaflet)


def shelf_name(language: str) -> str:
    """The context in which the leaflets of a language are offered."""
    return f"{FOLDER}-shelf-{name(language.lower(), 14)}"


def elsewhere(leaflet: Leaflet) -> tuple[str, ...]:
    """Steps to another leaflet."""
    languages = leaflet.line.catalogue.languages()
    if len(languages) > 1:
        return (f"Set(AL_SPOKEN={leaflet.line.spoken(leaflet.edition.language)})", f"Goto({LANGUAGES},s,1)")
    return (f"Goto({shelf_name(languages[0])},again,1)",)


def _menu(leaflet: Leaflet) -> Context:
    choices: dict[str, tuple[str, ...]] = {}
    told = ["menu"]
    if len(leaflet.readable) > 1:
        told.append("menu-chapters")
        choices["1"] = (f"Goto({leaflet.at('chapters')},s,1)",)
    if leaflet.edition.contacts:
        told.append("menu-numbers")
        choices["2"] = (f"Goto({leaflet.at('number-1')},s,1)",)
    if leaflet.line.several:
        told.append("menu-leaflets")
        choices["4"] = elsewhere(leaflet)
    told.append("menu-go-on")
    choices["5"] = leaflet.go_on()
    offer = say(*leaflet.said(*told, "menu-help"))
    if leaflet.line.person:
        told.append("menu-keys")
        choices["7"] = _helped(leaflet)
        closed, opened = (say(*leaflet.said(*told, zero))[0] for zero in ("menu-help", "menu-person"))
        offer = (*leaflet.line.unless_open("open", closed, "Goto(quiet)"), f"open: {opened}")
    return Context(
        name=leaflet.at("menu"),
        note="The menu",
        extensions=(
            extension("s", *offer, f"quiet: {wait(ANSWER_S)[0]}", *leaflet.go_on()),
            *pressed(_with_wrong(leaflet, choices, "s,1")),
            leaflet.limit(),
        ),
    )


def _helped(leaflet: Leaflet, *lead: str) -> tuple[str, ...]:
    """Steps that tell the keys and how to reach the publisher, and read on."""
    keys = "notice-finished" if leaflet.edition.state == "withdrawn" else "help"  # a notice has no chapters or words
    return leaflet.read(*leaflet.said(*lead, keys), *leaflet.own("contact"), *leaflet.said("going-on"))


def _with_wrong(leaflet: Leaflet, choices: Keys, again: str) -> Keys:
    """``choices``, the keys that do the same everywhere, and a kind word at all the others."""
    known = {**choices, **leaflet.everywhere()}
    wrong = (*say(*leaflet.said("wrong-key")), f"Goto({again})")
    return {**{key: wrong for key in "123456789" if key not in known}, **known}


def _chapters(leaflet: Leaflet) -> Context:
    titles = leaflet.own(*(f"chapter-{number}" for number in leaflet.readable))
    digit = ("Set(AL_DIGITS=)", "Set(AL_KEY=${EXTEN})", f"Goto({leaflet.at('entry')},digit,1)")
    return Context(
        name=leaflet.at("chapters"),
        note="The chapters, read out; the first digit of a number may come at once",
        extensions=(
            extension("s", *say(*leaflet.said("choose-chapter"), *titles), *wait(ANSWER_S), *leaflet.go_on()),
            *pressed({**dict.fromkeys("123456789", digit), **leaflet.everywhere()}),
            leaflet.limit(),
        ),
    )


def _entry(leaflet: Leaflet) -> Context:
    first, last = leaflet.readable[0], leaflet.readable[-1]
    cancelled = leaflet.read(*leaflet.said("cancelled"))
    none = leaflet.said("no-chapter", "chapters-by-menu" if len(leaflet.readable) > 1 else "keys-of-one")
    return Context(
        name=leaflet.at("entry"),
        note="A chapter's number: ended where none is longer, by # or by three seconds; * cancels, 0 is for help",
        extensions=(
            extension("s", "Set(AL_DIGITS=)", *say(*leaflet.said("which-chapter")), *wait(ANSWER_S), "Goto(entered,1)"),
            extension(
                "0",
                f'GotoIf($["${{AL_DIGITS}}" = ""]?{leaflet.at("connect")},s,1)',
                "Set(AL_KEY=0)",
                "Goto(digit,1)",
            ),
            *pressed({"_[1-9]": ("Set(AL_KEY=${EXTEN})", "Goto(digit,1)"), "*": cancelled, "#": ("Goto(entered,1)",)}),
            *collected(
                of_library(leaflet.edition.language), "entered", f"GotoIf($[${{AL_DIGITS}} > {last // 10}]?entered,1)"
            ),
            extension(
                "entered",
                'GotoIf($["${AL_DIGITS}" = ""]?star,1)',
                f"Gosub({leaflet.at('entry')},spell,1)",
                # 0 is added for numbers that were entered as 02
                "Set(AL_DIGITS=$[${AL_DIGITS} + 0])",
                f"GotoIf($[${{AL_DIGITS}} < {first}]?none)",
                f"GotoIf($[${{AL_DIGITS}} > {last}]?none)",
                "Set(AL_CHAPTER=${AL_DIGITS})",
                "Set(AL_CUE=1)",
                f"Goto({leaflet.at('typed')},s,1)",
                f"none: Set(AL_LEAD={'&'.join(['${AL_LEAD}', *none])})",
                f"Goto({leaflet.at('typed')},s,1)",
            ),
            leaflet.limit(),
        ),
    )


def _number(leaflet: Leaflet, number: int) -> Context:
    last = number == len(leaflet.edition.contacts)
    home = of_edition(leaflet.edition)
    others = [] if last else ["next-number"]
    digits = f"{home}/digits-{number}"
    told = say(digits, *leaflet.said("again"), digits, *leaflet.said("number-again", *others, "menu-go-on"))
    choices: dict[str, tuple[str, ...]] = {
        "1": ("Set(AL_ROUNDS=0)", *told, "Goto(s,quiet)"),
        "5": leaflet.go_on(),
    }
    if not last:
        choices["6"] = (f"Goto({leaflet.at(f'number-{number + 1}')},s,1)",)
    if number > 1:
        choices["4"] = (f"Goto({leaflet.at(f'number-{number - 1}')},s,1)",)
    offer = leaflet.said("ready", *others)
    wrong = (*say(*leaflet.said("wrong-key", "ready", *others, "menu-go-on")), "Goto(s,quiet)")
    known = {**choices, **leaflet.everywhere()}
    return Context(
        name=leaflet.at(f"number-{number}"),
        note="A telephone number: whose it is, then its digits when the caller is ready",
        extensions=(
            extension(
                "s",
                "Set(AL_ROUNDS=0)",
                *say(f"{home}/${{AL_RATE}}/contact-{number}", *offer),
                f"quiet: {wait(ANSWER_S)[0]}",
                *rounds(ROUNDS, "again"),
                *leaflet.go_on(),
                f"again: {say(*offer, *leaflet.said('menu-go-on'))[0]}",
                "Goto(quiet)",
            ),
            *pressed({**{key: wrong for key in "123456789" if key not in known}, **known}),
            leaflet.limit(),
        ),
    )


def _connect(leaflet: Leaflet) -> Context:
    if not leaflet.line.person:
        helped = extension("s", *_helped(leaflet))
        return Context(name=leaflet.at("connect"), note="Help", extensions=(helped, leaflet.limit()))
    return Context(
        name=leaflet.at("connect"),
        note="A person, where there is one at this hour",
        extensions=(
            extension(
                "s",
                *leaflet.line.unless_open("open", *_helped(leaflet, "closed")),
                f"open: {say(*leaflet.said('connect'))[0]}",
                *wait(3),
                *dial(),
                leaflet.line.limit(),
                *leaflet.go_on(*leaflet.said("no-answer")),
            ),
            *pressed({"5": leaflet.go_on(), "*": (f"Goto({leaflet.at('menu')},s,1)",)}),
            leaflet.limit(),
        ),
    )
