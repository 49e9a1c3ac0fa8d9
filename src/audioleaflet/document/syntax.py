"""What an editor most likely meant where a file is not YAML: the parser's complaint in plain words."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from audioleaflet.errors import Origin, Problem

_TWO_COLONS = re.compile(r"^\s*(?:- +)?[^\s:'\"#][^:]*:\s+\S.*:(?:\s|$)")
_NO_SPACE = re.compile(r"^ *(?:- +)?[A-Za-z_-]+:[^ \t/]")
_AFTER_QUOTE = re.compile(r"""(?::|-) +(?:'(?:[^']|'')*'|"(?:[^"\\]|\\.)*") *[^\s#,\]}:'"]""")
_INDENT_TAB = re.compile(r"^ *\t")
_WIDE_SPACE = re.compile("[\u00a0\u2000-\u200a\u202f]")
_PLAIN = {
    "did not find expected key": "this line does not fit the indentation of the lines above it",
    "did not find expected '-' indicator": "this line does not fit the list above it",
    "could not find expected ':'": "a line is neither 'name: text' nor indented under one",
    "did not find expected <document start>": "this line does not fit the lines above it",
    "mapping values are not allowed in this context": "this line is indented more than the line above allows",
    "block sequence entries are not allowed in this context": "a list starts on the line of a name",
}
_STEP = "compare the indentation with the lines above, and give every name a colon and a space"


def syntax_problem(path: Path, lines: list[str], error: Exception) -> Problem:
    """One problem for what made the parser stop, at the line to look at."""
    reason, line, started = _reading(error)
    line = min(started or line, len(lines))
    text = lines[line - 1] if line else ""
    above = next((number for number in range(line - 1, 0, -1) if lines[number - 1].strip()), 0)
    if "mapping values" in reason and above and _NO_SPACE.match(lines[above - 1]):
        line = above
        code, message, step = "YAML", "no space stands after the colon", "type one there, not a no-break space"
    else:
        code, message, step = _explain(reason, text, started)
    if code == "YAML" and line != above and _WIDE_SPACE.search(text):
        step = "a no-break space stands in this line; type an ordinary space"
    return Problem(origin=Origin(path=path, line=line), code=code, message=message, next_step=step)


def _reading(error: Exception) -> tuple[str, int, int]:
    """The complaint, its line, and the line where a quoted text started that never ends (else 0)."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return str(error), 0, 0
    reason = error.problem or "not YAML"
    line = error.problem_mark.line + 1
    context = error.context or ""
    if "quoted scalar" in context and "unexpected" in reason and error.context_mark is not None:
        return f"{reason} {context}", line, error.context_mark.line + 1
    if "could not find expected ':'" in reason and error.context_mark is not None:
        return reason, error.context_mark.line + 1, 0
    return f"{reason} {context}" if "alias" in context or "anchor" in context else reason, line, 0


def _explain(reason: str, text: str, started: int) -> tuple[str, str, str]:
    if _INDENT_TAB.match(text) or "tab character" in reason:
        return "TAB", "a tab indents this line", "use spaces"
    if started:
        return (
            "QUOTES",
            "a quotation mark opens here and does not close",
            "close it, or write '' for one inside",
        )
    if "escape" in reason:
        return "QUOTES", "a backslash stands in double quotes", "write two of them, or use single quotes"
    if "mapping values are not allowed" in reason and _TWO_COLONS.match(text):
        return "QUOTES", "a text with a colon in it", 'put quotes around it: title: "a: b"'
    if "cannot start any token" in reason or "alphabetic or numeric" in reason:
        return "QUOTES", "a text starts with a mark that YAML reads as its own", "put quotes around it"
    if _AFTER_QUOTE.search(text):
        return "QUOTES", "a quotation mark closes before the text ends", "use double quotes around all of it"
    for complaint, plain in _PLAIN.items():
        if complaint in reason:
            return "YAML", plain, _STEP
    return "YAML", f"not YAML: {' '.join(reason.split())}", _STEP
