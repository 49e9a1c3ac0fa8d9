"""What every context has in common: saying, waiting, keys, and the way to a leaflet's contexts and sounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from audioleaflet.hotline.asterisk.plan import Extension, extension
from audioleaflet.hotline.asterisk.sounds import FOLDER, SILENCE, name, of_edition, of_library
from audioleaflet.hotline.catalogue import Catalogue, Edition
from audioleaflet.settings import HotlineSettings

START: Final = FOLDER
OUT: Final = f"{FOLDER}-out"
FIND: Final = f"{FOLDER}-find"
LANGUAGES: Final = f"{FOLDER}-languages"
ANSWER_S: Final = 8
NEXT_DIGIT_S: Final = 3
LIMIT_ANSWER_S: Final = 15
ROUNDS: Final = 3
BY_KEY: Final = 4
_AT_ONCE: Final = 8  # so many sounds stand in one line
_NAMED: Final = {"*": "star", "#": "hash"}
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Keys = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What holds for all contexts: the catalogue and the settings of the line."""

    catalogue: Catalogue
    settings: HotlineSettings

    @property
    def person(self) -> bool:
        """Whether key 0 connects to somebody."""
        return self.settings.operator is not None

    @property
    def several(self) -> bool:
        """Whether there is another leaflet to go to."""
        return len(self.catalogue.editions) > 1

    def limit(self) -> str:
        """The step that makes the time limit be told of a minute before it comes."""
        return f"Set(TIMEOUT(absolute)={self.settings.limits.minutes * 60 - 60})"

    def editions(self, language: str) -> tuple[Edition, ...]:
        """The leaflets in a language."""
        return tuple(edition for edition in self.catalogue.editions if edition.language == language)

    def spoken(self, language: str) -> int:
        """The key of a language; 1 where it has none of its own."""
        languages = self.catalogue.languages()
        return languages.index(language) + 1 if language in languages[:9] else 1

    def unless_open(self, label: str, *closed: str) -> tuple[str, ...]:
        """Steps that jump to ``label`` while the person answers, else do ``closed``. Without hours, that is always."""
        hours = self.settings.operator_hours
        # GotoIfTime counts the whole of its last minute as open.
        times = [(one.begin, one.end - 1, day) for one in hours for day in sorted(one.days)]
        opens = (f"GotoIfTime({_clock(begin)}-{_clock(end)},{_DAYS[day]},*,*?{label})" for begin, end, day in times)
        return (*opens, *closed) if times else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaflet:
    """A leaflet's part of the dialplan."""

    line: Line
    edition: Edition

    @property
    def book(self) -> str:
        """How the names of its contexts begin; in AL_BOOK, that of the leaflet that is being heard."""
        slug, _, language = self.edition.key.rpartition("/")
        return f"{FOLDER}-book-{name(slug, 36)}-{name(language.lower(), 14)}"

    def at(self, place: str) -> str:
        """The context for a part of the call."""
        return f"{self.book}-{place}"

    def said(self, *names: str) -> list[str]:
        """Prompts of the library in the leaflet's language."""
        return said(self.edition.language, *names)

    def own(self, *names: str) -> list[str]:
        """Prompts of the leaflet, those that it has."""
        return [f"{of_edition(self.edition)}/{name(one)}" for one in names if one in self.edition.prompts]

    @property
    def readable(self) -> tuple[int, ...]:
        """The numbers of the chapters that are read one after the other."""
        numbers = tuple(chapter.number for chapter in self.edition.chapters)
        return tuple(number for number in numbers if number > 0) or numbers

    @property
    def introduced(self) -> bool:
        """Whether chapter 0 is an introduction, from which reading goes back to the leaflet."""
        return self.edition.chapter(0) is not None and self.edition.state != "withdrawn"

    def read(self, *lead: str) -> tuple[str, ...]:
        """Steps that read on at AL_CUE after some sounds."""
        return (f"Set(AL_LEAD={'&'.join(lead)})", f"Goto({self.at('read')},s,1)")

    def go_on(self, *lead: str) -> tuple[str, ...]:
        """Steps that go back to what was heard before."""
        return self.read(*lead, *self.said("going-on"))

    def everywhere(self) -> Keys:
        """The keys that do the same in every menu."""
        return {
            "0": (f"Goto({self.at('connect')},s,1)",),
            "*": (f"Goto({self.at('menu')},s,1)",),
            "#": (f"Goto({self.at('entry')},s,1)",),
        }

    def limit(self) -> Extension:
        """What happens when the time limit is near."""
        return extension("T", f"Goto({self.at('limit')},s,1)")


def said(language: str, *names: str) -> list[str]:
    """Prompts of the library."""
    return [f"{of_library(language)}/{name(one)}" for one in names]


def go(context: str) -> tuple[str, ...]:
    """The step to a context's beginning."""
    return (f"Goto({context},s,1)",)


def say(*sounds: str) -> tuple[str, ...]:
    """Steps that play sounds until a key that the context knows is pressed; other keys do not stop them (m)."""
    parts = [sounds[at : at + _AT_ONCE] for at in range(0, len(sounds), _AT_ONCE)]
    return tuple(f"Background({'&'.join(part)},m)" for part in parts)


def wait(seconds: int) -> tuple[str, ...]:
    """Steps that wait for a key. Silence is sent, so that no trunk takes the call for dead."""
    return say(f"{SILENCE}{seconds}")


def rounds(times: int, label: str) -> tuple[str, ...]:
    """Steps that jump to ``label`` until they were here so many times."""
    return ("Set(AL_ROUNDS=$[${AL_ROUNDS} + 1])", f"GotoIf($[${{AL_ROUNDS}} < {times}]?{label})")


def pressed(keys: Keys) -> tuple[Extension, ...]:
    """An extension a key. What * and # do has a name besides, for jumps to it."""
    found: list[Extension] = []
    for key, steps in keys.items():
        if key in _NAMED:
            found += [extension(key, f"Goto({_NAMED[key]},1)"), extension(_NAMED[key], *steps)]
        else:
            found.append(extension(key, *steps))
    return tuple(found)


def back_key(choices: int) -> str:
    """The key that goes back to the leaflet that is being heard: 5, or the star where that may be chosen itself."""
    return "5" if choices <= BY_KEY else "*"


def way_back(choices: int) -> str:
    """The prompt that tells of that key."""
    return "menu-go-on" if back_key(choices) == "5" else "star-go-on"


def if_heard(place: str) -> str:
    """The step into the leaflet that is being heard; without one, the next step follows.

    ``place``: what follows its name, as ``read,on`` for the extension ``on`` of its context ``read``.
    """
    return f'GotoIf($["${{AL_BOOK}}" != ""]?${{AL_BOOK}}-{place},1)'


def collected(folder: str, enough: str, *at_once: str) -> tuple[Extension, ...]:
    """A digit of a number, and the whole number made into the sounds that read it back, in AL_LEAD.

    ``at_once``: steps that go on without a further wait where no longer number can be meant.
    """
    return (
        extension(
            "digit",
            "Set(AL_DIGITS=${AL_DIGITS}${AL_KEY})",
            "Set(AL_DIGITS=${AL_DIGITS:0:8})",
            *at_once,
            *wait(NEXT_DIGIT_S),
            f"Goto({enough},1)",
        ),
        extension(
            "spell",
            "Set(AL_LEAD=)",
            "Set(AL_PLACE=0)",
            "more: GotoIf($[${AL_PLACE} + 1 >= ${LEN(${AL_DIGITS})}]?last)",
            f"Set(AL_LEAD=${{AL_LEAD}}{folder}/digit-${{AL_DIGITS:${{AL_PLACE}}:1}}&)",
            "Set(AL_PLACE=$[${AL_PLACE} + 1])",
            "Goto(more)",
            f"last: Set(AL_LEAD=${{AL_LEAD}}{folder}/last-digit-${{AL_DIGITS:-1}})",
            "Return()",
        ),
    )


def dial() -> tuple[str, ...]:
    """Steps that connect the caller. Whoever answers ends the call by hanging up; else the steps after it follow."""
    return ("Set(TIMEOUT(absolute)=0)", f"Dial(Local/person@{OUT},30)")


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
