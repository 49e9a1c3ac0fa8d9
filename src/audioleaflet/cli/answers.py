"""Answers on stdout: lines, and JSON for other programs."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from typing import Any

from audioleaflet.errors import Problem


def print_lines(lines: Iterable[str]) -> None:
    """Write each line as it comes."""
    for line in lines:
        sys.stdout.write(f"{line}\n")


def print_json(answer: Any) -> None:
    """Write one JSON document."""
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1) + "\n")


def open_warnings(problems: Iterable[Problem]) -> str:
    """What ``check`` would warn of besides an approval, in one line; empty for nothing. For a command that goes on."""
    told = [one for one in problems if one.severity == "warning" and one.code != "APPROVAL"]
    if not told:
        return ""
    counts = Counter(one.code for one in told)
    codes = ", ".join(code if count == 1 else f"{count} {code}" for code, count in counts.items())
    return f"problems to look at ({codes}): 'audioleaflet check {told[0].origin.path}' tells each"


def problem_data(problem: Problem) -> dict[str, Any]:
    """A problem for another program."""
    return {
        "path": str(problem.origin.path),
        "line": problem.origin.line,
        "code": problem.code,
        "message": problem.message,
        "next_step": problem.next_step,
        "severity": problem.severity,
    }
