"""What a caller chooses from or enters while a leaflet waits: the menu, chapters, telephone numbers, codes."""

from __future__ import annotations

from audioleaflet.hotline import listening
from audioleaflet.hotline.catalogue import Sound
from audioleaflet.hotline.choosing import (
    BY_KEY,
    LONGEST,
    NEXT_DIGIT_S,
    ask_again,
    go_on,
    list_leaflets,
    offer_languages,
    shelf,
)
from audioleaflet.hotline.events import Count, Find, Found, Keep, Kept, Key, Place, Span, Transfer
from audioleaflet.hotline.turn import Turn
from audioleaflet.units import Ms

_ROUNDS = 3
_AT_THE_SHELF = ("leaflets", "leaflet-entry")
_CALLING = Ms(8_000)  # so long nobody is left in silence while a person is called
_CODE_DIGIT_S = 8  # codes are read off a note; the last digit ends them, so that nobody waits for this
_CODE_LENGTH = 5
_MOST_CODES = 5  # that one call gets: all callers share those that there are
_FIRST_DIGIT_S = 8
_STORE_S = 5  # a store that has not answered by then is taken to be off


def open_menu(turn: Turn, *lead: str) -> None:
    """What there is to choose from here. Before a leaflet is chosen that is less, before a language nothing."""
    chosen = bool(turn.state.edition)
    if chosen:
        turn.set(language=turn.edition.language)
    elif turn.state.mode == "language" or not turn.speaks():
        _help_with_languages(turn)
        return
    names = ["menu"]
    if chosen and len(turn.readable()) > 1:
        names.append("menu-chapters")
    if chosen and turn.edition.contacts:
        names.append("menu-numbers")
    if turn.rules.codes:
        names.append("menu-place")
    if len(turn.catalogue.editions) > 1:
        names.append("menu-leaflets" if chosen else "menu-choose")
    if chosen:
        names.append("menu-go-on")
    if chosen and turn.rules.person:  # then 0 does not tell the keys
        names.append("menu-keys")
    answers = turn.rules.person and turn.rules.person_at(turn.now)
    names.append("menu-person" if answers else "menu-help")
    turn.play("menu", *lead, *names)


def press_menu(turn: Turn, key: Key) -> None:
    """A key in the menu."""
    chosen = bool(turn.state.edition)
    if key == "1" and chosen and len(turn.readable()) > 1:
        titles = [turn.edition.prompts[f"chapter-{chapter.number}"] for chapter in turn.readable()]
        turn.play("chapters", "choose-chapter", *titles)
    elif key == "2" and chosen and turn.edition.contacts:
        _tell_number(turn, 0)
    elif key == "3" and turn.rules.codes:
        _offer_place(turn)
    elif key == "3":  # who has a code was told to press it
        open_menu(turn, "codes-off")
    elif key == "4" and len(turn.catalogue.editions) > 1:
        another_leaflet(turn)
    elif key == "5":
        go_on(turn)
    elif key == "7" and chosen and turn.rules.person:
        _help(turn)
    elif key in "0*#":
        everywhere(turn, key)
    else:
        open_menu(turn, "wrong-key")


def another_leaflet(turn: Turn) -> None:
    """Back to the shelf. The leaflet that is being heard waits until another is chosen."""
    turn.set(rounds=1)
    if len(turn.catalogue.languages()) > 1:
        offer_languages(turn)
    else:
        shelf(turn)


def everywhere(turn: Turn, key: Key) -> None:
    """Keys that do the same in every menu: 0 help or a person, * the menu, # a chapter's number."""
    if key == "*":
        open_menu(turn)
    elif key == "0":
        help_or_person(turn)
    elif turn.state.edition:
        turn.set(digits="")
        turn.play("chapter-entry", "which-chapter")
    else:
        turn.set(rounds=1)
        ask_again(turn)


def help_or_person(turn: Turn) -> None:
    """Key 0: a person where there is one to connect to, else the keys and how to reach the publisher.

    Where a leaflet's number is entered it is the list of leaflets, as is said there; the menu leads to a person.
    """
    listed = turn.state.mode in _AT_THE_SHELF and len(turn.editions()) > BY_KEY
    if listed or not turn.rules.person:
        _help(turn)
    elif turn.rules.person_at(turn.now):
        turn.play("connecting", "connect")
    else:
        _help(turn, "closed")


def _help(turn: Turn, *lead: str) -> None:
    if turn.state.mode == "language" or not turn.speaks():
        _help_with_languages(turn, *lead)
    elif turn.state.edition and turn.state.mode not in _AT_THE_SHELF:
        keys = "notice-finished" if turn.edition.state == "withdrawn" else "help"  # a notice has no chapters or words
        turn.read(*lead, keys, *turn.own("contact"), "going-on")
    else:
        turn.set(rounds=1)
        list_leaflets(turn, *lead)


def _help_with_languages(turn: Turn, *lead: str) -> None:
    turn.set(rounds=1)
    offer_languages(turn, *lead, "language-help")


def connect(turn: Turn) -> None:
    """The caller has not said that they stay."""
    turn.set(mode="transferring")
    turn.actions += [Count(what="transfer"), Transfer(ms=_CALLING)]


def still_calling(turn: Turn) -> None:
    """Nobody has answered yet: a word, so that the caller knows that the line is there."""
    turn.play("transferring", "still-calling")


def press_chapters(turn: Turn, key: Key) -> None:
    """A key while the chapters are read out."""
    if key in "0*#":
        everywhere(turn, key)
    else:
        _chapter_digits(turn, key)


def enter_chapter(turn: Turn, key: Key) -> None:
    """A key while a chapter's number is entered."""
    digits = turn.state.digits
    if key == "*":
        turn.read("cancelled")
    elif key == "#":
        chapter_entered(turn)
    elif key == "0" and not digits:
        help_or_person(turn)
    else:
        _chapter_digits(turn, (digits + key)[:LONGEST])


def _chapter_digits(turn: Turn, digits: str) -> None:
    """Digits of a chapter's number: it begins at once where no longer number can be meant."""
    turn.set(digits=digits)
    if int(digits) * 10 > turn.readable()[-1].number:
        chapter_entered(turn)
    else:
        turn.wait("chapter-entry", NEXT_DIGIT_S)


def chapter_entered(turn: Turn) -> None:
    """The number is whole: it is read back, and its chapter begins."""
    digits = turn.state.digits
    if not digits:
        turn.read("cancelled")
        return
    number = int(digits)
    if any(chapter.number == number for chapter in turn.readable()):
        turn.read(*turn.digits(digits), chapter=number)
    else:
        several = len(turn.readable()) > 1
        turn.read(*turn.digits(digits), "no-chapter", "chapters-by-menu" if several else "keys-of-one")
    turn.entered(turn.state.lead_ms)


def wait_for_digit(turn: Turn) -> None:
    """The prompt that asks for digits is over."""
    turn.wait(turn.state.mode, NEXT_DIGIT_S if turn.state.digits else _FIRST_DIGIT_S)


# Telephone numbers


def _tell_number(turn: Turn, item: int) -> None:
    """The sentence that says whose number it is, and the offer to hear the number when the caller is ready."""
    contact = turn.edition.contacts[item]
    turn.set(item=item, rounds=1)
    chapter = turn.edition.chapter(contact.chapter) or turn.chapter
    sound = chapter.sounds[turn.state.rate]
    cue = next(cue for cue in sound.cues if cue.id == contact.cue)
    said = Span(sound=sound, begin_ms=cue.begin_ms, end_ms=cue.end_ms)
    turn.play("numbers", said, "ready", *_more_numbers(turn))


def _more_numbers(turn: Turn) -> tuple[str, ...]:
    return ("next-number",) if turn.state.item + 1 < len(turn.edition.contacts) else ()


def press_numbers(turn: Turn, key: Key) -> None:
    """A key while telephone numbers are told."""
    item = turn.state.item
    if key == "1":
        digits = turn.edition.contacts[item].digits
        turn.set(rounds=1)
        turn.play("numbers", digits, "again", digits, "number-again", *_more_numbers(turn), "menu-go-on")
    elif key == "6" and item + 1 < len(turn.edition.contacts):
        _tell_number(turn, item + 1)
    elif key == "4" and item:
        _tell_number(turn, item - 1)
    elif key == "5":
        go_on(turn)
    elif key in "0*#":
        everywhere(turn, key)
    else:
        turn.play("numbers", "wrong-key", "ready", *_more_numbers(turn), "menu-go-on")


def silent_at_numbers(turn: Turn) -> None:
    """Nobody is ready yet: the offer is made again, then reading goes on."""
    if turn.state.rounds < _ROUNDS:
        turn.set(rounds=turn.state.rounds + 1)
        turn.play("numbers", "ready", *_more_numbers(turn), "menu-go-on")
    else:
        go_on(turn)


# A place to come back to


def _offer_place(turn: Turn, *lead: str) -> None:
    if turn.state.edition:
        turn.play("place", *lead, "place-get", "place-enter", "menu-go-on")
    else:
        turn.play("place", *lead, "place-enter")


def press_place(turn: Turn, key: Key) -> None:
    """A key where a code can be got or entered."""
    if key == "1" and turn.state.edition:
        _keep(turn)
    elif key == "2" and turn.state.tries >= turn.rules.code_tries:
        go_on(turn, "code-tries")
    elif key == "2":
        turn.set(digits="", rounds=1)
        turn.play("code-entry", "code-enter")
    elif key == "5":
        go_on(turn)
    elif key in "0*#":
        everywhere(turn, key)
    else:
        _offer_place(turn, "wrong-key")


def _keep(turn: Turn) -> None:
    """A code for the place: the one that it has already, or a new one, of which a call gets some."""
    place = _place(turn)
    if turn.state.code_at == _name(place):
        turn.set(digits=turn.state.code)
        tell_code(turn)
    elif turn.state.codes >= _MOST_CODES:
        go_on(turn, "codes-enough")
    else:
        turn.actions.append(Keep(place=place))
        turn.wait("keeping", _STORE_S)


def _place(turn: Turn) -> Place:
    """The sentence that is heard; while the words are told, the one that was left for them: key 8 tells them again."""
    edition, state = turn.edition, turn.state
    chapter, cue = turn.chapter.number, turn.cue.id
    if chapter == 0 and state.left_chapter > 0:
        chapter, cue = state.left_chapter, state.left_cue
    return Place(edition=edition.key, version=edition.version, chapter=chapter, cue=cue)


def _name(place: Place) -> str:
    return f"{place.edition} {place.version[:8]} {place.chapter} {place.cue}"


def kept(turn: Turn, answer: Kept) -> None:
    """The store has kept the place, or cannot."""
    if answer.code:
        turn.actions.append(Count(what="code-kept"))
        turn.set(digits=answer.code, codes=turn.state.codes + 1, code=answer.code, code_at=_name(_place(turn)))
        tell_code(turn)
    else:
        turn.actions.append(Count(what="code-refused"))
        go_on(turn, "codes-off")


def tell_code(turn: Turn) -> None:
    """The code in groups, twice."""
    code = turn.state.digits
    said = [*turn.digits(code[:3]), *turn.digits(code[3:])]
    turn.play("code", "code-is", *said, "again", *said, "code-kept", "menu-go-on")


def press_code(turn: Turn, key: Key) -> None:
    """A key after a code was told."""
    if key == "1":
        tell_code(turn)
    elif key == "5":
        go_on(turn)
    elif key in "0*#":
        everywhere(turn, key)
    else:
        turn.play("code", "wrong-key", "code-kept", "menu-go-on")


def enter_code(turn: Turn, key: Key) -> None:
    """A key while a code is entered."""
    if key == "*":
        go_on(turn, "cancelled")
    elif key == "0":
        everywhere(turn, key)
    elif key == "#":
        code_entered(turn)
    else:
        turn.set(digits=turn.state.digits + key)
        if len(turn.state.digits) == _CODE_LENGTH:
            code_entered(turn)
        else:
            turn.wait("code-entry", _CODE_DIGIT_S)


def silent_at_code(turn: Turn) -> None:
    """No further digit comes. Before the first, it is asked again: the note with the code has to be found."""
    if not turn.state.digits and turn.state.rounds < _ROUNDS:
        turn.set(rounds=turn.state.rounds + 1)
        turn.play("code-entry", "code-enter")
    else:
        code_entered(turn)


def code_entered(turn: Turn) -> None:
    """All digits of a code are there, or no more come."""
    if not turn.state.digits:
        go_on(turn, "cancelled")
    elif len(turn.state.digits) < _CODE_LENGTH:
        told = turn.digits(turn.state.digits)
        turn.set(digits="")
        turn.play("code-entry", *told, "code-short", "code-enter")
    else:
        turn.actions.append(Find(code=turn.state.digits))
        turn.wait("finding", _STORE_S)


def _code_unknown(turn: Turn) -> None:
    told = turn.digits(turn.state.digits)
    turn.set(tries=turn.state.tries + 1, digits="")
    if turn.state.tries < turn.rules.code_tries:
        turn.play("code-entry", *told, "code-unknown", "code-enter")
    else:
        go_on(turn, *told, "code-tries")
    turn.entered(sum(sound.duration_ms for sound in told))


def read_updated(turn: Turn, chapter: int, *lead: str | Sound) -> None:
    """The leaflet is another one than it was: that is said, then what it is, and its ``chapter`` is read, or the first.

    One that was withdrawn says so itself.
    """
    turn.set(language=turn.edition.language)
    updated = () if turn.edition.state == "withdrawn" else ("updated",)
    same = turn.edition.chapter(chapter) is not None
    what = listening.title_and_status(turn)
    turn.read(*lead, *updated, *what, chapter=chapter if same else turn.readable()[0].number)


def found(turn: Turn, answer: Found) -> None:
    """The store has answered: reading goes on at the place, or at its chapter's start if the leaflet has changed."""
    place, told = answer.place, turn.digits(turn.state.digits)
    if answer.refused:
        go_on(turn, "codes-off")
        turn.entered(turn.prompt("codes-off").duration_ms)
        return
    edition = turn.catalogue.edition(place.edition) if place else None
    if place is None or edition is None:
        _code_unknown(turn)
        return
    turn.actions.append(Count(what="code-found"))
    turn.set(edition=edition.key, version=edition.version, language=edition.language, left_chapter=-1, left_cue="")
    lead: list[str | Sound] = [*told, *turn.emergency()]  # the place may be in a leaflet of another language
    what = listening.title_and_status(turn)
    if edition.version == place.version and edition.chapter(place.chapter):
        turn.read(*lead, "welcome-back", *what, chapter=place.chapter, cue=place.cue)
    else:
        read_updated(turn, place.chapter, *lead)
    turn.entered(turn.state.lead_ms)
