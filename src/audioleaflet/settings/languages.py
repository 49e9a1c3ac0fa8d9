"""Language tags (BCP 47): their canonical case, and how they are looked up from narrow to wide."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from audioleaflet.document import fault

# RFC 5646, 2.1, without extensions and private use: language, script, region, variants.
_TAG = re.compile(
    r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?((?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*)",
    re.IGNORECASE | re.ASCII,
)


def canonical_language(tag: str) -> str:
    """A BCP 47 tag in its canonical case: ``EN-us`` is ``en-US``. Raises ValueError for what is no tag."""
    found = _TAG.fullmatch(tag)
    if found is None:
        raise ValueError(f"'{tag}' is not a language tag such as en or en-US")
    language, script, region, variants = found.groups()
    parts = [language.lower(), *([script.title()] if script else []), *([region.upper()] if region else [])]
    return "-".join(parts) + variants.lower()


def is_tag(text: str) -> bool:
    """Whether ``text`` is a BCP 47 tag, in any case of letters."""
    return _TAG.fullmatch(text) is not None


def narrowing(language: str) -> tuple[str, ...]:
    """The tags to look up for ``language``, from narrow to wide (RFC 4647, 3.4).

    >>> narrowing("en-gb")
    ('en-GB', 'en')
    """
    parts = canonical_language(language).split("-")
    return tuple("-".join(parts[:count]) for count in range(len(parts), 0, -1))


def _language(tag: str) -> str:
    try:
        return canonical_language(tag.strip())
    except ValueError as error:
        raise fault("LANGUAGE", str(error), "write a BCP 47 tag with a hyphen") from error


LanguageTag = Annotated[str, AfterValidator(_language), Field(min_length=1)]
