"""Many small cases in one test: a test for each line of a long table costs far more than what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVarTuple

import pytest

Case = TypeVarTuple("Case")


def check_each(cases: Iterable[tuple[*Case]], check: Callable[[*Case], object]) -> None:
    """Call ``check`` with every case; fail with all that fail, each named with what it says. No case is a failure."""
    __tracebackhide__ = True
    tried, failed = 0, []
    for case in cases:
        tried += 1
        try:
            check(*case)
        except Exception as error:  # noqa: BLE001  # told below, beside its case
            failed.append(f"{', '.join(map(repr, case))}: {type(error).__name__}: {error}")
    if not tried:
        pytest.fail("there is no case")
    if failed:
        pytest.fail(f"{len(failed)} of {tried} cases:\n" + "\n".join(failed), pytrace=False)
