"""A dialog, seen from the end that was called."""

from __future__ import annotations

from audioleaflet.hotline.sip.dialog import Dialog, dialog_id, new_tag
from audioleaflet.hotline.sip.message import Request
from audioleaflet.hotline.sip.reader import parse


def request(method: str = "INVITE", number: int = 7, *, tag: str = "far", to: str = "", extra: str = "") -> Request:
    text = (
        f"{method} sip:1@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: Ann <sip:a@h>;tag={tag}\r\n"
        f"To: <sip:1@h>{to}\r\nCall-ID: c1\r\nCSeq: {number} {method}\r\n{extra}\r\n"
    )
    parsed = parse(text.encode())
    assert isinstance(parsed, Request)
    return parsed


def dialog(routes: str = "") -> Dialog:
    invite = request(extra=f"Contact: <sip:a@192.0.2.9:5070>\r\n{routes}")
    return Dialog(invite, "near", contact="<sip:127.0.0.1:5060>", sent_by="127.0.0.1:5060")


def test_a_request_of_ours_turns_from_and_to_around() -> None:
    branch, bye = dialog().request("BYE", (("Reason", "x"),))
    assert (bye.method, bye.uri) == ("BYE", "sip:a@192.0.2.9:5070")
    assert bye.from_.tag == "near"
    assert bye.all("To") == ("Ann <sip:a@h>;tag=far",)
    assert bye.call_id == "c1"
    assert bye.all("Route") == ()
    assert (bye.via.branch, bye.via.host, bye.via.port, bye.via.rport) == (branch, "127.0.0.1", 5060, "")
    assert bye.all("Contact") == ("<sip:127.0.0.1:5060>",)
    assert bye.first("Reason") == "x"
    assert parse(bye.serialize()) == bye


def test_requests_of_ours_have_numbers_in_order_and_branches_of_their_own() -> None:
    ours = dialog()
    first, second = ours.request("INFO"), ours.request("BYE")
    assert second[1].cseq.number == first[1].cseq.number + 1
    assert first[0] != second[0]
    assert first[0].startswith("z9hG4bK")


def test_the_route_is_that_of_record_route_and_a_strict_first_proxy_is_named() -> None:
    _, loose = dialog("Record-Route: <sip:p1;lr>, <sip:p2>\r\n").request("BYE")
    assert loose.uri == "sip:a@192.0.2.9:5070"
    assert loose.all("Route") == ("<sip:p1;lr>", "<sip:p2>")
    _, strict = dialog("Record-Route: <sip:p1>, <sip:p2;lr>\r\n").request("BYE")
    assert strict.uri == "sip:p1"
    assert strict.all("Route") == ("<sip:p2;lr>", "<sip:a@192.0.2.9:5070>")


def test_the_other_end_is_known_by_its_tag() -> None:
    ours = dialog()
    assert ours.has(request("BYE", 8, to=";tag=near"))
    assert not ours.has(request("BYE", 8, tag="other", to=";tag=near"))
    assert dialog_id(request("BYE", to=";tag=near")) == ours.id == ("c1", "near")
    assert dialog_id(request("BYE")) == ("c1", "")


def test_requests_come_in_order_and_once() -> None:
    ours = dialog()
    assert [ours.is_next(request("INFO", number)) for number in (7, 6, 9, 9, 8, 10)] == [
        False, False, True, False, False, True
    ]  # fmt: skip


def test_the_other_end_may_move_but_not_to_several_places() -> None:
    ours = dialog()
    ours.retarget(request("UPDATE", 8, extra="Contact: <sip:a@192.0.2.10>\r\n"))
    assert ours.request("BYE")[1].uri == "sip:a@192.0.2.10"
    ours.retarget(request("UPDATE", 9, extra="Contact: <sip:a@192.0.2.11>, <sip:a@192.0.2.12>\r\n"))
    ours.retarget(request("UPDATE", 10))
    assert ours.request("BYE")[1].uri == "sip:a@192.0.2.10"


def test_tags_are_long_and_never_the_same() -> None:
    tags = {new_tag() for _ in range(100)}
    assert len(tags) == 100
    assert {len(tag) for tag in tags} == {16}
