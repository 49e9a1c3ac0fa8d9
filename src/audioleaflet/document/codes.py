"""The codes of problems in files that people write: short, stable, one meaning each."""

from __future__ import annotations

CODES: dict[str, str] = {
    # the file itself
    "UNREADABLE": "The file is missing, or is not a file that can be read.",
    "TOO-LARGE": "The file is over 2 MB.",
    "NOT-UTF8": "The file is text in another encoding than UTF-8.",
    "BINARY": "The file is not text.",
    "CHARACTER": "A character that has no place in text: invisible, without a meaning, or lost.",
    # YAML
    "YAML": "The file is not YAML.",
    "QUOTES": "YAML reads a mark in the text as its own; the text needs quotes, or a closing quote.",
    "TAB": "A tab indents a line; YAML allows only spaces there.",
    "TAG": "A YAML tag (!word); values are always text, lists, or names with values.",
    "ALIAS": "A YAML alias (*name) that names nothing, names itself, or swells the file beyond 2 MB.",
    "TOO-DEEP": "Values or lists stand too deep inside one another.",
    "DOCUMENTS": "The file holds several YAML documents, divided by lines of '---'.",
    "KEY": "A name before a colon is not plain text.",
    "DUPLICATE-KEY": "One name stands twice in the same place; one of the two would be lost.",
    # fields
    "UNKNOWN-KEY": "No field has this name.",
    "MISSING": "A field that is needed is not there.",
    "EMPTY": "A field, a section or a list item is there but has nothing in it.",
    "KIND": "Text, a list, or names with values is given where another of these is needed.",
    "NUMBER": "A whole number is needed.",
    "RANGE": "A number is too small or too large.",
    "TOO-LONG": "A text is longer than can be.",
    "TOO-MANY": "A list has more items than can be.",
    "LANGUAGE": "The language is not a BCP 47 tag, or is not the one that the file is named after.",
    "ID": "An id or a slug is not made of a to z, 0 to 9 and hyphens, or cannot be a file name.",
    "DUPLICATE-ID": "Two sections have the same id.",
    "DATE": "Not a day written as 2026-01-31.",
    "IDENTIFIER": "Not a URN, such as urn:uuid:….",
    "HOTLINE": "The number on the telephone is not made of the digits 1 to 9.",
    "URL": "Not the address of a folder on the web, such as https://library.example/audio/.",
    "VOICE": "A voice is not written as engine:name.",
    "URGENT-AFTER": "'urgent.after' does not name a section.",
    "IPA": "A pronunciation is not written in the alphabet and manner that can be said.",
    "DUPLICATE-TERM": "A term stands twice in one list.",
    # a lexicon of another system (W3C PLS)
    "XML": "The file is not XML, or defines entities.",
    "PLS": "The file is not a lexicon of the W3C Pronunciation Lexicon Specification 1.0.",
    "ALPHABET": "A pronunciation is in another phonetic alphabet than IPA.",
    "NOT-TAKEN": "A part of another system's lexicon that has no place in ours.",
    # Markdown
    "MARKDOWN": "A Markdown construct that cannot be read aloud here.",
    "LINK": "A link that is neither a web address nor a mail address.",
    "LIST": "A list whose numbers or items would be lost.",
    "BULLET": "A bullet or a number typed inside a paragraph, which would run on.",
    # the leaflet and the library together
    "UNKNOWN-TERM": "A term of 'say' is in no lexicon.",
    "NO-PHRASES": "The fixed wording of the recording does not exist in the leaflet's language.",
    "NO-VOICE": "The library names no voice for the leaflet's language.",
    "URGENT": "The leaflet speaks of signs that need urgent care, and has no 'urgent'.",
    "NO-SUMMARY": "The leaflet has no summary.",
    "SUMMARY": "The summary is over 60 words.",
    "DATE-ORDER": "A date in figures whose day and month can be taken for each other.",
    "INTRODUCTION": "The introduction is over 110 seconds, or over a quarter of the recording.",
    "UNREAD": "Characters that no rule of the language can read aloud.",
    "HETERONYM": "A word that can be said in two ways, and nothing beside it tells which.",
    "WORD": "A word that no lexicon and no dictionary has, or a rare one: the voice reads it by its letters.",
    # approval
    "APPROVAL": "The leaflet is not approved, or is no longer as it was approved.",
    "WITHDRAWN": "The leaflet is withdrawn: its edition is a notice that says so.",
}
