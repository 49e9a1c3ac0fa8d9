"""Addresses in running text: what becomes a link, and where it leads.

Only what is certain becomes a link: a wrong number to call is worse than one to type.
"""

from __future__ import annotations

import re

_CANDIDATE = re.compile(
    r"""
      (?P<web>   \b (?: https?:// | www\.) [^\s<>"“”«»]+ )
    | (?P<mail>  (?<![\w.+@&-]) (?<!\w['’]) [a-z0-9] [a-z0-9.+_'-]* @ [a-z0-9-]+ (?: \. [a-z0-9-]+ )+ (?![\w@-]) )
    | (?P<world> (?<![\w+.-]) \+ [1-9] [0-9]{0,2} (?: [ .-]? \(? [0-9]{1,5} \)? ){2,6} (?![\w-]) )
    | (?P<nanp>  (?<![\w+.-]) (?: 1[ .-] )? (?: \( [2-9][0-9]{2} \) [ ]? | [2-9][0-9]{2} [.-] )
                 [2-9][0-9]{2} [.-] [0-9]{4} (?![\w-]) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
SPACED_NUMBER = re.compile(r"(?<![\w.])0\d{2,4}(?: \d{3,4}){1,3}(?!\w)")
"""A telephone number in groups, as inside a country whose numbers begin with 0."""
_TRUNK_ZERO = "(0)"  # dialled inside the country alone, and never after the country's code
_CLOSING = ".,;:!?…'’\"”»*_"
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::\d{1,5})?", re.IGNORECASE | re.ASCII)
# RFC 3986 characters and letters of any script (WHATWG URL 4.3); a "%" begins an escape.
_REST = re.compile(r"(?:[\w\-.~:/?#@!$&'()*+,;=]|%[0-9a-fA-F]{2})*")
# Regions of the North American plan, whose numbers are certain without a "+".
_NANP_REGIONS = frozenset({"US", "CA", "PR"})
_WORLD_DIGITS = range(8, 16)  # ITU-T E.164: at most 15


def split_links(text: str, language: str) -> tuple[tuple[str, str], ...]:
    """Cut ``text`` into pieces, each with the address that it leads to or ``""``; they join to ``text``.

    Web addresses (``https://…``, ``www.…``), mail addresses, telephone numbers with a ``+``, and, where the
    region of ``language`` (BCP 47) is in the North American plan, numbers such as ``800-227-2345``.
    """
    pieces: list[tuple[str, str]] = []
    done = 0
    for match in _CANDIDATE.finditer(text):
        shown = _trim(match.group()) if match.lastgroup == "web" else match.group()
        address = _address(match.lastgroup or "", shown, language)
        if address:
            pieces += [(text[done : match.start()], ""), (shown, address)]
            done = match.start() + len(shown)
    pieces.append((text[done:], ""))
    return tuple(piece for piece in pieces if piece[0])


def _trim(shown: str) -> str:
    """Leave the punctuation of the sentence, and a bracket that the address did not open, to the sentence."""
    while shown:
        last = shown[-1]
        unopened = last in ")]}" and shown.count(last) > shown.count("([{"[")]}".index(last)])
        if last not in _CLOSING and not unopened:
            break
        shown = shown[:-1]
    return shown


def _address(kind: str, shown: str, language: str) -> str:
    if kind == "web":
        scheme, _, rest = shown.partition("://") if shown.lower().startswith("http") else ("https", "", shown)
        host = _HOST.match(rest)
        whole = host and rest[host.end() :][:1] in ("", "/", "?", "#") and _REST.fullmatch(rest[host.end() :])
        return f"{scheme.lower()}://{rest}" if whole else ""
    if kind == "mail":
        return f"mailto:{shown}"
    digits = re.sub(r"\D", "", shown.replace(_TRUNK_ZERO, ""))
    if kind == "world":
        return f"tel:+{digits}" if len(digits) in _WORLD_DIGITS else ""
    region = {part.upper() for part in language.split("-")[1:]}
    return f"tel:+1{digits[-10:]}" if region & _NANP_REGIONS else ""
