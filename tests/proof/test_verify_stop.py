"""Whoever stops ``verify`` is heard at once, and none of its processes stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from audioleaflet.proof.verify import listening
from audioleaflet.proof.verify.listening import Passage, listener
from audioleaflet.proof.verify.pronunciations import Pronunciations, Word

NINE = Pronunciations(known={"nine": ("N AY N",)})
WAITING = """
import time
from multiprocessing import active_children
from audioleaflet.proof.verify.listening import listener
from audioleaflet.proof.verify.pronunciations import Pronunciations

with listener(Pronunciations(known={"nine": ("N AY N",)}), [["nine"]], 1) as ears:
    ears._pool.submit(int)
    print(active_children()[0].pid, flush=True)
    time.sleep(60)
"""


def noise(count: int) -> list[Passage]:
    pcm = np.random.default_rng(1).normal(0, 3000, 16_000).astype("<i2").tobytes()
    return [Passage(cue="c", words=(Word(key="nine", text="nine"),), pcm=pcm, narrow=False)] * count


def test_a_stop_is_asked_for_while_nothing_is_finished_yet() -> None:
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        raise KeyboardInterrupt

    with listener(NINE, [["nine"]], 1) as ears:
        with pytest.raises(KeyboardInterrupt):
            ears.hear(noise(9), progress)
        assert ears._stopped.is_set()
    assert told == [(0, 9)]


def test_a_process_that_was_stopped_does_not_finish_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = threading.Event()
    monkeypatch.setattr(listening._Process, "stopped", stopped, raising=False)
    done = []

    def work(number: int) -> int:
        done.append(number)
        if number == 1:
            stopped.set()
        return number

    tasks: Sequence[int] = (0, 1, 2, 3)
    listening._all(work, tasks)
    assert done == [0, 1]


def test_its_processes_end_with_it_when_it_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", WAITING], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = Path(f"/proc/{int(process.stdout.readline())}")
        assert child.exists()
        os.kill(process.pid, signal.SIGKILL)
    end = time.monotonic() + 20
    while child.exists():
        assert time.monotonic() < end, "it waits for ever"
        time.sleep(0.05)
