from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.publish.transcript.links import split_links


def links(text: str, language: str = "en-US") -> dict[str, str]:
    return {shown: address for shown, address in split_links(text, language) if address}


@pytest.mark.parametrize(
    ("text", "shown", "address"),
    [
        ("See www.cancer.org.", "www.cancer.org", "https://www.cancer.org"),
        (
            "(https://www.cancer.gov/a?b=1&c=2#d)",
            "https://www.cancer.gov/a?b=1&c=2#d",
            "https://www.cancer.gov/a?b=1&c=2#d",
        ),
        (
            "https://en.wikipedia.org/wiki/Bone_(tissue).",
            "https://en.wikipedia.org/wiki/Bone_(tissue)",
            "https://en.wikipedia.org/wiki/Bone_(tissue)",
        ),
        (
            "https://ja.wikipedia.org/wiki/骨",
            "https://ja.wikipedia.org/wiki/骨",
            "https://ja.wikipedia.org/wiki/骨",
        ),
        (
            "https://a.example/?to=http://b.example/",
            "https://a.example/?to=http://b.example/",
            "https://a.example/?to=http://b.example/",
        ),
        ("https://example.org/<b>", "https://example.org/", "https://example.org/"),
        ("HTTP://A.example/B", "HTTP://A.example/B", "http://A.example/B"),
        ("Write to editor@sample.example.", "editor@sample.example", "mailto:editor@sample.example"),
        ("Call 800-227-2345.", "800-227-2345", "tel:+18002272345"),
        ("Call 1-800-422-6237 (free)", "1-800-422-6237", "tel:+18004226237"),
        ("Call (800) 227-2345", "(800) 227-2345", "tel:+18002272345"),
        ("Call +44 20 7946 0018, or", "+44 20 7946 0018", "tel:+442079460018"),
        ("Call +44 (0)20 7946 0018.", "+44 (0)20 7946 0018", "tel:+442079460018"),
        ("Write to s.o'neill@sample.example.", "s.o'neill@sample.example", "mailto:s.o'neill@sample.example"),
        ("Write to 'editor@sample.example'.", "editor@sample.example", "mailto:editor@sample.example"),
    ],
)
def test_what_becomes_a_link(text: str, shown: str, address: str) -> None:
    assert links(text) == {shown: address}


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "https://",
        "https://user:pass@example.org/",
        "https://example",
        "https://example.org/100%zz",
        "https://example.org\\evil",
        "www.",
        "cancer.org",
        "10-20 mg, 120/80, 1999-10-12",
        "Call 911 or 988.",
        "227-2345",
        "id 1800-227-2345-99",
        "+1 23",
        "a@b",
        "a&e@sample.example",
        "x’y@sample.example",
        "Number 4800-227-2345",
        "Number 800-227-23456",
        "Number 800-227-2345-99",
        "Number 99-800-227-2345",
    ],
)
def test_what_does_not(text: str) -> None:
    assert links(text) == {}


@pytest.mark.parametrize("language", ["en-GB", "en", "fr-FR"])
def test_a_number_without_its_country_is_no_link_elsewhere(language: str) -> None:
    assert links("Call 800-227-2345.", language) == {}


@given(
    st.text(alphabet=st.sampled_from("aw.:/@+-()1289 &<>\"'\u00a0é\n%#ht ps")),
    st.sampled_from(["en-US", "en"]),
)
def test_the_pieces_join_to_the_text(text: str, language: str) -> None:
    pieces = split_links(text, language)
    assert "".join(shown for shown, _ in pieces) == text
    assert all(address.startswith(("https://", "http://", "mailto:", "tel:+")) for _, address in pieces if address)
