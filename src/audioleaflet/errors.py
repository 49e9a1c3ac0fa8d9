"""What can go wrong, as a tree. Every message says what, where and the next step.

    AudioleafletError            exit
    ├── ContentError              1   a leaflet, a lexicon or a library file has problems
    ├── ConfigError               4   a setting or an option that cannot be
    ├── SpeechError               3   an engine did not speak
    │   ├── EngineUnavailable         not installed, or not reachable
    │   ├── VoiceNotFound             the engine has no such voice
    │   └── SynthesisFailed           it answered, but not with speech
    ├── SoundError                5   sound could not be read, encoded or measured
    ├── PublishError              6   an edition could not be written out in a further format
    ├── HotlineError              7   the telephone line could not be opened, or has nothing to say
    └── StorageError              8   the disk: full, read-only, locked by another build

Exit 2 is wrong usage of the command line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Origin:
    """A place in a file that a person wrote. Lines count from 1; 0 stands for the file as a whole."""

    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else str(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault of a file, as ``path:line: CODE message``. An error stops a build, a warning and a note do not."""

    origin: Origin
    code: str
    message: str
    next_step: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        note = "note: " if self.severity == "note" else ""
        text = f"{self.origin}: {self.code} {note}{self.message}"
        return f"{text} ({self.next_step})" if self.next_step else text


class AudioleafletError(Exception):
    """The root of all that this package raises on purpose."""

    exit_code: ClassVar[int] = 4

    def __init__(self, message: str, *, next_step: str = "") -> None:
        super().__init__(f"{message}; {next_step}" if next_step else message)
        self.message = message
        self.next_step = next_step


class ContentError(AudioleafletError):
    """All problems of one file at once, in the order of their lines."""

    exit_code = 1

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @property
    def origin(self) -> Origin:
        """The place of the first problem."""
        return self.problems[0].origin

    @property
    def code(self) -> str:
        """The code of the first problem."""
        return self.problems[0].code


class ConfigError(AudioleafletError):
    """A setting, an option or an installation that cannot work as asked."""


class SpeechError(AudioleafletError):
    """An engine did not speak. ``retryable``: the same request may succeed later."""

    exit_code = 3

    def __init__(
        self, message: str, *, engine: str, utterance_id: str = "", retryable: bool = False, next_step: str = ""
    ) -> None:
        super().__init__(message, next_step=next_step)
        self.engine = engine
        self.utterance_id = utterance_id
        self.retryable = retryable


class EngineUnavailable(SpeechError):
    """The engine is not installed or cannot be reached."""


class VoiceNotFound(SpeechError):
    """The engine has no voice of that name."""


class SynthesisFailed(SpeechError):
    """The engine answered with something that is not speech."""


class SoundError(AudioleafletError):
    """Sound could not be read, encoded or measured."""

    exit_code = 5


class PublishError(AudioleafletError):
    """An edition could not be read, or written out in a further format."""

    exit_code = 6


class HotlineError(AudioleafletError):
    """The telephone line could not be opened, or there is nothing to be heard on it."""

    exit_code = 7


class StorageError(AudioleafletError):
    """The disk is full, a folder is read-only, or another build holds the lock."""

    exit_code = 8
