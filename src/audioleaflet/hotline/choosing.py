"""What a caller chooses before anything is read: a language, a leaflet.

The keys 0 and * are those of ``menus`` here too.
"""

from __future__ import annotations

from typing import Final

from audioleaflet.hotline import listening
from audioleaflet.hotline.catalogue import Edition, Sound
from audioleaflet.hotline.events import Key
from audioleaflet.hotline.turn import Turn

BY_KEY: Final = 4  # so many leaflets are offered by key; of more, each is called by its number
LONGEST: Final = 8  # digits of a leaflet's or a chapter's number; more are not listened to
NEXT_DIGIT_S: Final = 3
_ROUNDS = 3


def begin(turn: Turn, dialled: str) -> None:
    """The call begins: in the language that was dialled, or the only one, or the one to be chosen."""
    languages = turn.catalogue.languages()
    language = turn.catalogue.dialled.get(dialled, "")
    if language in languages or len(languages) == 1:
        turn.set(language=language if language in languages else languages[0])
        shelf(turn)
    else:
        turn.set(language=languages[0], rounds=1)
        offer_languages(turn)


def offer_languages(turn: Turn, *lead: str | Sound) -> None:
    """Each language in its own words, with its key."""
    offers: list[Sound] = []
    languages = turn.catalogue.languages()[:9]
    for number, language in enumerate(languages, 1):
        offers += [turn.prompt("language", language), turn.prompt(f"press-{number}", language)]
    turn.play("language", *lead, *offers, *_way_back(turn, len(languages)))


def press_language(turn: Turn, key: Key) -> None:
    """A key at the choice of a language."""
    languages = turn.catalogue.languages()[:9]
    if key.isdigit() and 0 < int(key) <= len(languages):
        turn.set(language=languages[int(key) - 1])
        shelf(turn)
    else:
        offer_languages(turn, "wrong-key")


def shelf(turn: Turn) -> None:
    """The leaflets of the caller's language: the only one begins, of several one is chosen."""
    editions, lead = turn.editions(), turn.emergency()
    turn.set(rounds=1, digits="")
    if len(editions) == 1 and editions[0].key == turn.state.edition:
        go_on(turn, *lead)
    elif len(editions) == 1:
        turn.set(edition=editions[0].key)
        listening.welcome(turn, *lead, *turn.own("publisher"))
    else:
        offer_leaflets(turn, *lead, "from")


def go_on(turn: Turn, *lead: str | Sound) -> None:
    """Back to the leaflet that is being heard, in its language; before one is chosen, to what is offered."""
    turn.set(rounds=1)
    if turn.state.edition:
        turn.set(language=turn.edition.language)
        turn.read(*lead, "going-on")
    elif turn.speaks():
        offer_leaflets(turn, *lead)
    else:
        offer_languages(turn, *lead)


def goes_back(turn: Turn, key: Key) -> bool:
    """Whether a key leaves the choice of a language or a leaflet for the one that is being heard."""
    mode = turn.state.mode
    if not turn.state.edition or mode not in ("language", "leaflets", "leaflet-entry"):
        return False
    return key == _back_key(len(turn.catalogue.languages()[:9] if mode == "language" else turn.editions()))


def _back_key(choices: int) -> Key:
    """5, as everywhere; where that may be chosen itself, or begin a number, the star."""
    return "5" if choices <= BY_KEY else "*"


def _way_back(turn: Turn, choices: int) -> tuple[str, ...]:
    """How to go on listening, where a leaflet is being heard."""
    if not turn.state.edition:
        return ()
    return ("menu-go-on",) if _back_key(choices) == "5" else ("star-go-on",)


def offer_leaflets(turn: Turn, *lead: str | Sound) -> None:
    """Up to four leaflets, each with its key; of more, how to enter a number."""
    editions = turn.editions()
    back = _way_back(turn, len(editions))
    if len(editions) > BY_KEY:
        turn.play("leaflets", *lead, "enter-leaflet", *back)
        return
    offers: list[Sound] = []
    for number, edition in enumerate(editions, 1):
        offers += [edition.prompts["choice"], turn.prompt(f"press-{number}")]
    turn.play("leaflets", *lead, *offers, *back)


def press_leaflet(turn: Turn, key: Key) -> None:
    """A key where leaflets are offered."""
    editions = turn.editions()
    if key == "#":
        ask_again(turn)
    elif len(editions) > BY_KEY:
        turn.set(digits=key)
        turn.wait("leaflet-entry", NEXT_DIGIT_S)
    elif int(key) <= len(editions):
        _choose(turn, editions[int(key) - 1])
    else:
        offer_leaflets(turn, "wrong-key")


def ask_again(turn: Turn) -> None:
    """A # where a leaflet is chosen. Where it ends a number there is none yet: the right key, only too soon."""
    offer_leaflets(turn, *(() if len(turn.editions()) > BY_KEY else ("wrong-key",)))


def list_leaflets(turn: Turn, *lead: str) -> None:
    """Every leaflet with its number, where they are too many for keys."""
    editions = turn.editions()
    if len(editions) <= BY_KEY:
        offer_leaflets(turn, *lead)
        return
    told: list[Sound] = []
    for edition in editions:
        told += [edition.prompts["choice"], *turn.digits(edition.number)]
    turn.play("leaflets", *lead, *told, "enter-leaflet", *_way_back(turn, len(editions)))


def _choose(turn: Turn, edition: Edition, *lead: str | Sound) -> None:
    """A leaflet begins. The one that is being heard goes on: who wants it again has key 2, a lost place has none."""
    if edition.key == turn.state.edition:
        go_on(turn, *lead)
    else:
        turn.set(edition=edition.key)
        listening.welcome(turn, *lead)


def silent_at_leaflets(turn: Turn) -> None:
    """Nobody has chosen: it is asked again, and then the one that is being heard goes on, or the first begins."""
    if turn.state.rounds < _ROUNDS:
        turn.set(rounds=turn.state.rounds + 1)
        offer_leaflets(turn)
    elif turn.state.edition:
        go_on(turn)
    else:
        _choose(turn, turn.editions()[0])


def silent_at_languages(turn: Turn) -> None:
    """Nobody has chosen: it is asked again, and then reading goes on, or the first language is taken."""
    if turn.state.rounds < _ROUNDS:
        turn.set(rounds=turn.state.rounds + 1)
        offer_languages(turn)
    elif turn.state.edition:
        go_on(turn)
    else:
        shelf(turn)


def enter_leaflet(turn: Turn, key: Key) -> None:
    """A key while a leaflet's number is entered."""
    if key == "*":
        offer_leaflets(turn, "cancelled")
    elif key == "#":
        leaflet_entered(turn)
    else:
        turn.set(digits=(turn.state.digits + key)[:LONGEST])
        turn.wait("leaflet-entry", NEXT_DIGIT_S)


def leaflet_entered(turn: Turn) -> None:
    """The number is whole: it is read back, and its leaflet begins."""
    digits, told = turn.state.digits, turn.digits(turn.state.digits)
    turn.set(digits="")
    found = next((edition for edition in turn.editions() if edition.number == digits), None)
    if found is not None:
        _choose(turn, found, *told)
    else:
        offer_leaflets(turn, *told, turn.prompt("no-leaflet"))
    turn.entered(sum(sound.duration_ms for sound in told))


def begins_a_number(turn: Turn, key: Key) -> bool:
    """Whether a key is the first digit of a chapter's or a leaflet's number."""
    mode = turn.state.mode
    if key not in "123456789":
        return False
    return mode == "chapters" or (mode == "leaflets" and len(turn.editions()) > BY_KEY)
