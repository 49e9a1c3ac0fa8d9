"""What Typst refuses is told in our words."""

from __future__ import annotations

import pytest
from tests.publish.conftest import write_sample
from tests.publish.pdf.conftest import SILENT, named

from audioleaflet.errors import PublishError
from audioleaflet.publish.pdf.content import printed
from audioleaflet.publish.pdf.typesetter import typeset


def test_what_typst_refuses_for_another_reason_is_told_with_its_own_words() -> None:
    content = {**printed(named(write_sample()), SILENT, page=True), "paper": "papyrus"}
    with pytest.raises(
        PublishError, match=r"^the large print could not be set: .*us-letter.*leave 'pdf' out of --formats"
    ):
        typeset(content, "2026-11-22")


def test_more_characters_than_a_message_can_hold_are_counted() -> None:
    content = {**printed(named(write_sample()), SILENT, page=True), "status": "骨転移とは何ですか。"}
    with pytest.raises(PublishError, match=r"す \(U\+3059\) and 2 more, as in “骨転移とは何ですか。”"):
        typeset(content, "2026-11-22")


def test_the_date_is_that_of_the_book() -> None:
    content = printed(named(write_sample()), SILENT, page=True)
    assert b"D:20250131" in typeset(content, "2025-01-31T10:00:00Z")
    assert typeset(content, "2025-01-31") != typeset(content, "2025-02-01")
