"""What a person at a terminal sees while something is made: one progress bar, or plain lines elsewhere."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from audioleaflet.pipeline import Reporter

STOPPED = 130  # what a shell tells of a program that Ctrl-C ended


class Stops:
    """Ctrl-C and SIGTERM while threads work and files change: noted at once, raised where the work tells its progress.

    Raised at any moment, as Python does it, a KeyboardInterrupt can leave a lock taken for ever, and the threads that
    wait for it with it: inside ``with lock``, inside an import. A second stop ends the process there and then.
    """

    def __init__(self) -> None:
        self._noted = False
        self._former: dict[signal.Signals, object] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._former[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, former in self._former.items():
            signal.signal(number, former)  # type: ignore[arg-type]  # what it gave us

    def check(self) -> None:
        """Raise KeyboardInterrupt if a stop was asked for."""
        if self._noted:
            raise KeyboardInterrupt

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        if self._noted:
            os._exit(STOPPED)
        self._noted = True


@contextmanager
def reporting(title: str, stops: Stops, *, quiet: bool) -> Iterator[Reporter]:
    """A reporter that writes to stderr; ``quiet`` leaves out progress and keeps messages. It is where work stops."""
    if sys.stderr.isatty() and not quiet:
        with _bar(title, stops) as reporter:
            yield reporter
    else:
        yield _lines(title, stops, quiet=quiet)


def _lines(title: str, stops: Stops, *, quiet: bool) -> Reporter:
    from audioleaflet.pipeline import Reporter

    def progress(stage: str) -> Callable[[int, int], None]:
        def tell(done: int, total: int) -> None:
            stops.check()
            if done == total and not quiet:
                write(f"{title}: {stage.lower()}: {total} done")

        return tell

    return Reporter(message=lambda text: write(f"{title}: {text}"), progress=progress)


@contextmanager
def _bar(title: str, stops: Stops) -> Iterator[Reporter]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from audioleaflet.pipeline import Reporter

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

        def progress(stage: str) -> Callable[[int, int], None]:
            task = bar.add_task(f"{title}: {stage.lower()}", total=None)

            def tell(done: int, total: int) -> None:
                stops.check()
                bar.update(task, completed=done, total=total)

            return tell

        yield Reporter(message=lambda text: bar.console.print(f"{title}: {text}", markup=False), progress=progress)


def write(text: str) -> None:
    """One message for a person, on stderr."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
