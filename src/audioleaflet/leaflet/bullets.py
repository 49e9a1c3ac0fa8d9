"""Bullets and numbers that a word processor typed: Markdown where every line of a run has one, else named."""

from __future__ import annotations

import re

_DOTS = "\u2022\u00b7\u25aa\u25ab\u25e6\u2023\u2043\u25cf\u25cb\u25a0\u25a1\u25b6\u25ba\u27a2\u27a4\u2219"
_TYPED = re.compile(rf"(\s*)([{_DOTS}]|[–—](?=\s)|-(?=[^\W\d_]))\s*(?=\S)")
_TYPED_NUMBER = re.compile(r"(\s*)(?:\((\d{1,3})\)\s*|(\d{1,3})\)(?=[^\W\d]))(?=\S)")
_MARKED = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+\S")
_LEFTOVER = re.compile(rf"\s*([{_DOTS}]|[–—](?=\s)|\(?\d{{1,3}}\)(?=\s*\S))")
_LEFTOVER_HYPHEN = re.compile(r"\s*-(?=[^\W\d_])")


def mend_bullets(lines: list[str]) -> list[str]:
    """``lines`` with typed bullets made '- ' and typed numbers '1) ', in runs where every line has a mark.

    A single line that starts with a hyphen and a letter stays: it may be about an ending such as -itis.
    """
    mended = list(lines)
    start = 0
    for index in range(len(lines) + 1):
        if index == len(lines) or not lines[index].strip():
            mended[start:index] = _mend_run(lines[start:index])
            start = index + 1
    return mended


def _mend_run(run: list[str]) -> list[str]:
    typed = [line for line in run if _TYPED.match(line) or _TYPED_NUMBER.match(line)]
    if not typed or any(line not in typed and not _MARKED.match(line) for line in run):
        return run
    if len(run) == 1 and _LEFTOVER_HYPHEN.match(run[0]):
        return run
    return [_TYPED_NUMBER.sub(_number, _TYPED.sub(r"\1- ", line, count=1), count=1) for line in run]


def _number(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2] or found[3]}) "


def leftover_bullet(row: str) -> str:
    """The typed bullet or number at the start of a row of a paragraph, or nothing."""
    found = _LEFTOVER.match(row)
    return found[1] if found else ""
