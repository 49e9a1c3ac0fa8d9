"""What an edition's page says about the leaflet: facts, whom to write to, and how to listen by telephone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.publish.site.conftest import (
    LIBRARY,
    Written,
    find,
    text,
    texts,
    values,
    withdrawn_book,
    write,
)

from audioleaflet.book.model import Book


def about(page: Written) -> dict[str, str]:
    groups = find(page.root, "//section[@id='about']/dl/div")
    return {texts(group, "dt")[0]: texts(group, "dd")[0] for group in groups}


def test_the_facts(real_page: Written) -> None:
    told = about(real_page)
    assert told["Publisher"] == "Audioleaflet"
    assert told["Version"] == "1.0, of November 22, 2026"
    assert told["Checked"] == "This is a sample. No health professional has checked it."
    assert told["Licence"] == "Creative Commons Attribution 4.0 (CC-BY-4.0)"
    assert told["Voice"] == "A computer voice (espeak en-us), at about 145 words a minute"
    root = real_page.root
    assert texts(root, "//section[@id='about']/p[1]") == [real_page.book.notice]
    assert values(root, "//section[@id='about']//a/@href")[:3] == [
        "https://creativecommons.org/licenses/by/4.0/",
        "https://www.cancer.org",
        "https://www.cancer.gov",
    ]


def test_an_unknown_licence_stands_as_it_was_written(sample: Book, tmp_path: Path) -> None:
    page = write(sample.model_copy(update={"licence": "All rights <reserved>"}), tmp_path / "edition")
    assert about(page)["Licence"] == "All rights <reserved>"
    assert not values(page.root, "//dt[text()='Licence']/following-sibling::dd/a/@href")


def test_a_report_by_mail_has_the_leaflet_filled_in(sample: Book, tmp_path: Path) -> None:
    title = 'Pain & "rest"/<now>? 100 % 👩‍⚕️'
    root = write(sample.model_copy(update={"title": title}), tmp_path / "edition").root
    address = urlsplit(values(root, "//a[@id='report']/@href")[0])
    assert (address.scheme, address.path) == ("mailto", "editor@sample.example")
    assert address.fragment == ""
    assert re.fullmatch(r"[\w.~%=&-]+", address.query), "RFC 6068: all else is escaped"
    assert "+" not in address.query
    filled = parse_qs(address.query, strict_parsing=True)
    assert filled["subject"] == [f"Wrong word in “{title}”"]
    assert filled["body"][0].startswith(f"Leaflet: {title}\r\nVersion: 1.0, edition 00000000\r\n")
    assert "\n" not in filled["body"][0].replace("\r\n", "")


@pytest.mark.parametrize(
    ("contact", "hrefs", "told"),
    [
        ("https://trust.example/report?a=1", ["https://trust.example/report?a=1"], "Report a wrong word"),
        (
            "The team, on +44 20 7946 0000",
            ["tel:+442079460000"],
            "Report a wrong word: The team, on +44 20 7946 0000",
        ),
        ("Ward 4 <script>", [], "Report a wrong word: Ward 4 <script>"),
        (
            "a@b.example?bcc=x@y.example",
            ["mailto:a@b.example", "mailto:x@y.example"],
            "Report a wrong word: a@b.example?bcc=x@y.example",
        ),
    ],
)
def test_other_ways_to_report(sample: Book, tmp_path: Path, contact: str, hrefs: list[str], told: str) -> None:
    root = write(sample.model_copy(update={"contact": contact}), tmp_path / "edition").root
    (line,) = find(root, "//section[@id='about']/dl/following-sibling::p")
    assert text(line) == told
    assert values(line, ".//a/@href") == hrefs


def test_no_contact_no_report(sample: Book, tmp_path: Path) -> None:
    root = write(sample.model_copy(update={"contact": ""}), tmp_path / "edition").root
    assert "Report" not in text(find(root, "//section[@id='about']")[0])


@pytest.mark.parametrize(
    ("number", "href"), [("+44 (0)20 7946-0000", ["tel:+4402079460000"]), ("0800 LISTEN", []), ("", None)]
)
def test_the_telephone(sample: Book, tmp_path: Path, number: str, href: list[str] | None) -> None:
    page = write(sample, tmp_path / "edition", replace(LIBRARY, telephone=number))
    assert about(page).get("To listen by telephone, call", "") == number
    found = values(page.root, "//section[@id='about']//a[starts-with(@href, 'tel:')]/@href")
    assert found == (href or [])


def test_a_withdrawn_edition_claims_nothing(tmp_path: Path) -> None:
    page = write(withdrawn_book(), tmp_path / "edition")
    assert "Checked" not in about(page)
    assert not find(page.root, "//section[@id='words']")
    assert len(find(page.root, "//section[@class='chapter']")) == 1
