"""What a person at a terminal sees while something is made: one progress bar, or plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audioleaflet.pipeline import Reporter


@contextmanager
def reporting(title: str, *, quiet: bool) -> Iterator[Reporter]:
    """A reporter that writes to stderr; ``quiet`` leaves out progress and keeps messages."""
    if sys.stderr.isatty() and not quiet:
        with _bar(title) as reporter:
            yield reporter
    else:
        yield _lines(title, quiet=quiet)


def _lines(title: str, *, quiet: bool) -> Reporter:
    from audioleaflet.pipeline import Reporter

    def progress(stage: str) -> Callable[[int, int], None]:
        def tell(done: int, total: int) -> None:
            if done == total and not quiet:
                write(f"{title}: {stage.lower()}: {total} done")

        return tell

    return Reporter(message=lambda text: write(f"{title}: {text}"), progress=progress)


@contextmanager
def _bar(title: str) -> Iterator[Reporter]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from audioleaflet.pipeline import Reporter

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

        def progress(stage: str) -> Callable[[int, int], None]:
            task = bar.add_task(f"{title}: {stage.lower()}", total=None)
            return lambda done, total: bar.update(task, completed=done, total=total)

        yield Reporter(message=lambda text: bar.console.print(f"{title}: {text}", markup=False), progress=progress)


def write(text: str) -> None:
    """One message for a person, on stderr."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
