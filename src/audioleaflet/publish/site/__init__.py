"""The web library: a page an edition and a page of them all, static, written from books and files alone.

files      what an edition's page links to: addresses that name the version of a file, sizes in words
reading    the transcript as the page has it, a span a sentence
edition    <slug>/<lang>/index.html, inside the edition
about      the facts at the end of that page
library    index.html
archive    <slug>-<lang>-chapters.zip
assets     assets/<digest>/, which all pages share
"""

from __future__ import annotations

from audioleaflet.publish.library import Library, Listed
from audioleaflet.publish.site.archive import write_archive
from audioleaflet.publish.site.assets import assets_name, write_assets
from audioleaflet.publish.site.edition import write_edition_page
from audioleaflet.publish.site.library import write_library_page

__all__ = [
    "Library",
    "Listed",
    "assets_name",
    "write_archive",
    "write_assets",
    "write_edition_page",
    "write_library_page",
]
