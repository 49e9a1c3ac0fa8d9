"""Places to come back to: a code of five digits for each, in SQLite, for thirty days, unlinked to any caller.

A row holds a code, a leaflet, a sentence, and the day on which it goes: no number, no time of day. Codes are random, of
the digits 1 to 9 (``secrets``), so there are 59,049. At most a tenth of them is in use, and all callers of the line
together may enter ``WRONG_AN_HOUR`` wrong ones an hour, and get ``KEPT_AN_HOUR`` new ones. Someone who guesses all the
time with 100 codes in use finds a place every 10 hours on average, and with the most codes in use one in ten tries
finds one. What they learn is which sentence of which leaflet somebody, somewhere, stopped at.

Where the database cannot be used, codes are off and calls go on; it is tried anew each time.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Final, TypeVar

from audioleaflet.hotline.events import Found, Place

T = TypeVar("T")

DIGITS: Final = "123456789"
LENGTH: Final = 5
DAYS: Final = 30
WRONG_AN_HOUR: Final = 60
KEPT_AN_HOUR: Final = 600  # nobody uses up all codes in one evening by calling again and again
MOST: Final = 5_904  # a tenth of all codes: a guess must not be a good one
_DRAWS: Final = 50  # with a tenth in use, 50 drawn codes are all taken once in 10^50
_BUSY_S: Final = 2.0  # a caller waits no longer for another program that has the database
_HOUR: Final = timedelta(hours=1)
_DAMAGE: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS place (code TEXT PRIMARY KEY, edition TEXT NOT NULL, version TEXT NOT NULL,"
    " chapter INTEGER NOT NULL, cue TEXT NOT NULL, until TEXT NOT NULL) WITHOUT ROWID"
)


def default_folder() -> Path:
    """The user's state folder for this program."""
    from platformdirs import user_state_path

    return user_state_path("audioleaflet", appauthor=False)


def _now() -> datetime:
    return datetime.now(UTC)


def _of_this_hour(moments: deque[datetime], moment: datetime) -> int:
    """How many of ``moments`` lie within the hour before ``moment``; the others are dropped."""
    while moments and moments[0] <= moment - _HOUR:
        moments.popleft()
    return len(moments)


class Places:
    """The store, for threads. Nothing here raises: what fails is answered as if codes were off.

    ``works`` tells whether the last use of the database succeeded; ``message`` is told when that changes, never of what
    is in it.
    """

    def __init__(
        self, folder: Path, *, message: Callable[[str], None] = lambda _: None, now: Callable[[], datetime] = _now
    ) -> None:
        self.file = folder / "places.sqlite3"
        self.works = True
        self._message = message
        self._now = now
        self._lock = Lock()
        self._wrong: deque[datetime] = deque()
        self._new: deque[datetime] = deque()

    def check(self) -> bool:
        """Whether the database can be used now."""
        with self._lock:
            return self._tried(lambda database: self._forget(database, self._now().date()), otherwise=False)

    def keep(self, place: Place, day: date | None = None) -> str:
        """A new code for ``place``, good until ``DAYS`` after ``day``, which is today if none is named.

        Empty where codes are off, too many of them are in use, or too many were given in this hour.
        """
        with self._lock:
            moment = self._now()
            if _of_this_hour(self._new, moment) >= KEPT_AN_HOUR:
                return ""
            code = self._tried(lambda database: self._kept(database, place, day or moment.date()), otherwise="")
            if code:
                self._new.append(moment)
            return code

    def find(self, code: str) -> Found:
        """The place of ``code``; ``refused`` where codes are off, or too many wrong ones were entered in an hour."""
        refused = Found(place=None, refused=True)
        with self._lock:
            moment = self._now()
            if _of_this_hour(self._wrong, moment) >= WRONG_AN_HOUR:
                return refused
            found = self._tried(lambda database: self._found(database, code, moment.date()), otherwise=refused)
            if found.place is None and not found.refused:
                self._wrong.append(moment)
            return found

    def _kept(self, database: sqlite3.Connection, place: Place, day: date) -> str:
        self._forget(database, day)
        (used,) = database.execute("SELECT count(*) FROM place").fetchone()
        if used >= MOST:
            return ""
        until = (day + timedelta(days=DAYS)).isoformat()
        for _ in range(_DRAWS):
            code = "".join(secrets.choice(DIGITS) for _ in range(LENGTH))
            row = (code, place.edition, place.version, place.chapter, place.cue, until)
            if database.execute("INSERT OR IGNORE INTO place VALUES (?, ?, ?, ?, ?, ?)", row).rowcount:
                return code
        return ""

    def _found(self, database: sqlite3.Connection, code: str, day: date) -> Found:
        self._forget(database, day)
        query = "SELECT edition, version, chapter, cue FROM place WHERE code = ?"
        row = database.execute(query, (code,)).fetchone()
        if row is None:
            return Found(place=None)
        edition, version, chapter, cue = row
        return Found(place=Place(edition=edition, version=version, chapter=chapter, cue=cue))

    def _forget(self, database: sqlite3.Connection, day: date) -> bool:
        return database.execute("DELETE FROM place WHERE until < ?", (day.isoformat(),)).rowcount >= 0

    def _tried(self, use: Callable[[sqlite3.Connection], T], *, otherwise: T) -> T:
        try:
            with self._open() as database:
                answer = use(database)
        except (sqlite3.Error, OSError) as error:
            self._put_aside(error)
            self._tell(works=False, why=_reason(error))
            return otherwise
        self._tell(works=True, why="")
        return answer

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A transaction. The database is opened each time: whatever happens to its file, the next caller is served."""
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600))
        with closing(sqlite3.connect(self.file, timeout=_BUSY_S, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA secure_delete = ON")  # a place that is over leaves no trace in the file
            database.execute("BEGIN IMMEDIATE")
            database.execute(_TABLE)
            try:
                yield database
            except BaseException:
                with suppress(sqlite3.Error):
                    database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    def _put_aside(self, error: Exception) -> None:
        """A damaged database is kept beside a new one, which the next caller's place begins."""
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE:
            with suppress(OSError):
                for end in ("-wal", "-shm"):
                    self.file.with_name(self.file.name + end).unlink(missing_ok=True)
                self.file.replace(self.file.with_name(f"{self.file.name}.damaged"))

    def _tell(self, *, works: bool, why: str) -> None:
        if works is not self.works:
            self.works = works
            if works:
                self._message("codes to come back with work again")
            else:
                self._message(
                    f"codes to come back with are off: {self.file} cannot be used: {why}; calls go on, and it is tried "
                    "again; let this user write there, with room on the disk, or name another folder with --state"
                )


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else str(error)) or type(error).__name__
