"""Where a sentence ends."""

from __future__ import annotations

import re

from sentencex import segment

# sentencex takes these for abbreviations or initials wherever they stand. Before a capital they end a sentence of a
# leaflet far more often ("when you are ill. Call …", "in mm. Ask …", "vitamin D. Bones …"), and a sentence cut in
# two is heard as two, while two run together lose their pause.
_ENDS = {
    "en": re.compile(
        r"(?:\b(?:\w+\.(?:com|edu|gov|int|net|org)|art|etc|fed|hr|id|ill|may|me|med|min|miss|mm|mo|no|ok|op|wk|yr|[ap]\.m"
        r"|(?i:(?:vitamins?|hepatitis|stage|grade|group|type|phase|class) )[A-Z]{1,3})\.)(?=\s+[A-Z\"“‘(])"
    )
}


def split(text: str, language: str) -> tuple[str, ...]:
    """The sentences of one line of text, in order, with nothing lost but the space between them."""
    primary = language.split("-")[0]
    sentences: list[str] = []
    for part in segment(primary, text):
        begin = 0
        for end in (match.end() for match in _ENDS[primary].finditer(part)) if primary in _ENDS else ():
            sentences.append(part[begin:end])
            begin = end
        sentences.append(part[begin:])
    return tuple(sentence.strip() for sentence in sentences if sentence.strip())
