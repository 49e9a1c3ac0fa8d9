"""The server, asked over real sockets: every answer as RFC 9110 and the browser's rules have it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import socket
from hashlib import sha256
from pathlib import Path

import pytest
from tests.conftest import Made
from tests.publish.site.server.conftest import PAGE, SOUND, TRANSCRIPT, Shelf, Site, Start, files_of, remove
from tests.publish.site.server.test_addresses import BAD

PATH = f"/bones/en/{SOUND}"
FILE = files_of(1)[SOUND]


def raw(site: Site, request: bytes) -> bytes:
    """All that comes back for these bytes, until the server closes."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
        connection.sendall(request)
        answer = b""
        try:
            while chunk := connection.recv(65536):
                answer += chunk
        except ConnectionResetError:
            pass
        return answer


def test_a_page(site: Site) -> None:
    reply = site.get("/")
    assert (reply.status, reply.body) == (200, PAGE)
    headers = reply.headers
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; manifest-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers
    for name, value in (
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ):
        assert headers[name] == value
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "Server" not in headers
    assert "Set-Cookie" not in headers


def test_a_transcript_has_the_hash_of_its_own_style(site: Site) -> None:
    policy = site.get("/bones/en/transcript.html").headers["Content-Security-Policy"]
    style = TRANSCRIPT.partition(b"<style>")[2].partition(b"</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}';" in policy
    assert policy.count("sha256-") == 1  # a style in the body, where only a fault can put it, stays refused
    assert "unsafe" not in policy


def test_media_types(site: Site) -> None:
    for path, media_type in (
        (PATH, "audio/mpeg"),
        ("/bones/en/transcript.vtt", "text/vtt; charset=utf-8"),
        ("/bones/en/feed.xml", "application/rss+xml; charset=utf-8"),
        ("/bones/en/chapters.json", "application/json+chapters"),
        ("/bones/en/book.json", "application/json"),
        ("/assets/0a1b2c3d/page.css", "text/css; charset=utf-8"),
        ("/assets/0a1b2c3d/page.js", "text/javascript; charset=utf-8"),
        ("/assets/0a1b2c3d/icon.svg", "image/svg+xml"),
    ):
        reply = site.get(path)
        assert (reply.status, reply.headers["Content-Type"]) == (200, media_type)


def test_an_m4b_is_mp4_and_the_unknown_is_bytes(site: Site, shelf: Shelf) -> None:
    (shelf.folder / "a.m4b").write_bytes(b"x")
    (shelf.folder / "a.exe").write_bytes(b"x")
    assert site.get("/a.m4b").headers["Content-Type"] == "audio/mp4"
    assert site.get("/a.exe").headers["Content-Type"] == "application/octet-stream"


def test_assets_are_kept_for_ever_and_all_else_is_asked_for_again(site: Site, shelf: Shelf) -> None:
    assert site.get("/assets/0a1b2c3d/page.js").headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert site.get(PATH).headers["Cache-Control"] == "no-cache"
    (shelf.folder / "assets" / "page.js").write_text("x", encoding="utf-8")
    (shelf.folder / "assets" / "newest").mkdir()
    (shelf.folder / "assets" / "newest" / "page.js").write_text("x", encoding="utf-8")
    assert site.get("/assets/page.js").headers["Cache-Control"] == "no-cache"
    assert site.get("/assets/newest/page.js").headers["Cache-Control"] == "no-cache"
    assert site.get("/assets/0a1b2c3d/none.js").headers["Cache-Control"] == "no-store"


def test_sound_and_feeds_may_be_read_by_podcast_apps_in_a_browser(site: Site) -> None:
    for path in (PATH, "/bones/en/feed.xml", "/bones/en/transcript.vtt"):
        headers = site.get(path).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Origin" not in site.get("/assets/0a1b2c3d/page.js").headers


def test_ranges(site: Site) -> None:
    whole = site.get(PATH)
    assert (whole.status, whole.body, whole.headers["Accept-Ranges"]) == (200, FILE, "bytes")
    size = len(FILE)
    for asked, first, last in (
        ("bytes=0-0", 0, 0),
        ("bytes=100-299999", 100, 299_999),
        ("bytes=131071-131072", 131_071, 131_072),
        ("bytes=600000-", 600_000, size - 1),
        ("bytes=-7", size - 7, size - 1),
    ):
        reply = site.get(PATH, range=asked)
        assert (reply.status, reply.body) == (206, FILE[first : last + 1])
        assert reply.headers["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert reply.headers["Content-Length"] == str(last - first + 1)
        assert reply.headers["ETag"] == whole.headers["ETag"]


def test_a_range_after_the_end(site: Site) -> None:
    reply = site.get(PATH, range="bytes=700001-")
    assert (reply.status, reply.headers["Content-Range"]) == (416, "bytes */700001")
    assert reply.headers["Cache-Control"] == "no-store"
    assert b"<h1>" in reply.body


def test_several_ranges_are_answered_with_the_whole_file(site: Site) -> None:
    assert site.get(PATH, range="bytes=0-1,4-5").status == 200
    many = "bytes=" + ",".join(f"{at}-" for at in range(900))
    assert len(site.get(PATH, range=many).body) == len(FILE)
    twice = b"GET %b HTTP/1.0\r\nRange: bytes=0-1\r\nRange: bytes=5-6\r\n\r\n" % PATH.encode()
    assert raw(site, twice).startswith(b"HTTP/1.1 200 ")


def test_if_range(site: Site) -> None:
    tag = site.get(PATH).headers["ETag"]
    assert tag == f'"{sha256(FILE).hexdigest()[:32]}"'
    assert site.get(PATH, range="bytes=0-9", if_range=tag).status == 206
    reply = site.get(PATH, range="bytes=0-9", if_range='"old"')
    assert (reply.status, len(reply.body)) == (200, len(FILE))
    assert site.get(PATH, range="bytes=0-9", if_range=reply.headers["Last-Modified"]).status == 200
    assert site.get(PATH, range="bytes=99999999-", if_range='"old"').status == 200


def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    first = site.get("/bones/en/", Accept_Encoding="gzip")
    tag = first.headers["ETag"]
    reply = site.get("/bones/en/", Accept_Encoding="gzip", if_none_match=tag)
    assert (reply.status, reply.body) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert reply.headers[name] == first.headers[name]
    assert site.get("/bones/en/", if_none_match=tag).status == 200  # that tag is of the compressed bytes
    assert site.get("/bones/en/", if_modified_since=first.headers["Last-Modified"]).status == 304
    assert site.get(PATH, range="bytes=0-5", if_none_match=site.get(PATH).headers["ETag"]).status == 304
    assert site.get(PATH, if_match='"old"').status == 412


def test_gzip(site: Site) -> None:
    plain = site.get("/bones/en/")
    packed = site.get("/bones/en/", Accept_Encoding="br, gzip;q=0.9")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) == int(packed.headers["Content-Length"]) < len(plain.body)
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert site.get("/bones/en/", Accept_Encoding="gzip").body == packed.body
    part = site.get("/bones/en/", Accept_Encoding="gzip", range="bytes=0-9")
    assert (part.status, part.body, part.headers["Content-Encoding"]) == (206, plain.body[:10], None)
    assert part.headers["ETag"] == plain.headers["ETag"]
    sound = site.get(PATH, Accept_Encoding="gzip")
    assert "Content-Encoding" not in sound.headers
    assert "Vary" not in sound.headers
    assert "Content-Encoding" not in site.get("/assets/0a1b2c3d/icon.svg", Accept_Encoding="gzip").headers  # tiny


def test_compressed_pages_follow_the_edition(site: Site, shelf: Shelf) -> None:
    for seed in (1, 2):
        shelf.publish(files_of(seed))
        page = gzip.decompress(site.get("/bones/en/", Accept_Encoding="gzip").body)
        assert f"Edition {seed}".encode() in page


def test_head_is_get_without_a_body(site: Site) -> None:
    for path in ("/", PATH, "/bones/en/transcript.html", "/healthz", "/none", "/bones/en"):
        get, head = site.get(path), site.get(path, method="HEAD")
        assert (head.status, head.body) == (get.status, b"")
        assert {**dict(head.headers), "date": ""} == {**dict(get.headers), "date": ""}


def test_head_has_no_range(site: Site) -> None:
    reply = site.get(PATH, method="HEAD", range="bytes=0-1")
    assert (reply.status, reply.headers["Content-Length"]) == (200, str(len(FILE)))
    assert site.get("/bones/en/", method="HEAD", Accept_Encoding="gzip").headers["Content-Encoding"] == "gzip"


def test_only_get_and_head(site: Site) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "get"):
        for path in ("/", PATH, "/none"):
            reply = site.get(path, method=method)
            assert (reply.status, reply.headers["Allow"]) == (405, "GET, HEAD")
        assert site.get("/healthz", method=method).status == 405
    assert raw(site, b"OPTIONS * HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 404 ")
    assert raw(site, b"CONNECT clinic.example:443 HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 404 ")


def test_a_body_is_never_read(site: Site) -> None:
    reply = site.get("/", method="POST", body=b"x" * 100)
    assert (reply.status, reply.headers["Connection"]) == (405, "close")
    reply = site.get("/", body=b"x" * 100)
    assert (reply.status, reply.body, reply.headers["Connection"]) == (200, PAGE, "close")
    endless = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
    assert raw(site, endless).startswith(b"HTTP/1.1 405 ")  # and closed, without the end of the body
    waiting = b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"
    assert raw(site, waiting).startswith(b"HTTP/1.1 200 ")


def test_a_folder_gets_its_slash_wherever_the_library_is_served(site: Site) -> None:
    reply = site.get("/bones/en?v=1")
    assert (reply.status, reply.headers["Location"]) == (301, "./en/?v=1")
    assert site.get("/bones").status == 404  # no list of what is in a folder
    assert site.get("/bones/").status == 404
    assert site.get("/assets/").status == 404


def test_no_way_out(site: Site) -> None:
    for target in filter(None, BAD):
        answer = raw(site, b"GET %b HTTP/1.0\r\n\r\n" % target)
        assert answer.startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 400 ")), target
        assert b"root:" not in answer


def test_double_encoding_and_links_are_missing(site: Site, shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    (shelf.folder / "link.html").symlink_to(tmp_path / "secret.html")
    for path in ("/%252e%252e/secret.html", "/..%252fsecret.html", "/link.html", "/bones/.en.lock"):
        reply = site.get(path)
        assert reply.status == 404
        assert b"secret" not in reply.body


def test_a_missing_page_tells_the_next_step_and_nothing_of_the_request(site: Site) -> None:
    reply = site.get("/bones/en/<script>alert(1)</script>")
    assert reply.status == 404
    assert b"script" not in reply.body
    assert b'<a href="../../../">All leaflets</a>' in reply.body
    assert b'<html lang="en">' in reply.body
    assert reply.headers["Content-Security-Policy"].startswith("default-src 'none'; base-uri")
    assert site.get("/x").body.count(b'href="./"') == 1
    assert site.get("/" + "x/" * 1000).body.count(b"../") == 0
    assert site.get("/" + "x" * 3000).status == 414


def test_a_fault_of_ours_is_a_page_and_its_place_is_told_without_the_address(
    shelf: Shelf, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audioleaflet.publish.site.server import answers

    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("bones")

    monkeypatch.setattr(answers, "precondition", broken)
    site = start(shelf.folder)
    reply = site.get(PATH)
    assert reply.status == 500
    assert b"This is not your fault." in reply.body
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    site.get(PATH)
    site.stop()
    line, totals = site.lines
    assert "5xx=2" in totals
    assert "fault: ZeroDivisionError at publish/site/server/answers.py:" in line
    assert "bones" not in line


def test_health(site: Site, shelf: Shelf) -> None:
    reply = site.get("/healthz")
    assert (reply.status, json.loads(reply.body)) == (200, {"status": "ok", "editions": 1})
    assert reply.headers["Cache-Control"] == "no-store"
    remove(shelf.folder)
    assert site.get("/healthz").status == 503
    assert site.get("/").status == 404


def test_old_and_pipelined_http(site: Site) -> None:
    assert raw(site, b"GET / HTTP/1.0\r\n\r\n").endswith(PAGE)
    two = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = raw(site, two)
    assert answer.count(b"HTTP/1.1 200 ") == 2
    assert answer.endswith(PAGE)
    assert raw(site, b"GET http://clinic.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").endswith(PAGE)
    upgrade = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade, close\r\nUpgrade: websocket\r\n\r\n"
    assert raw(site, upgrade).startswith(b"HTTP/1.1 200 ")


def test_what_is_not_http_is_answered_and_closed(site: Site) -> None:
    for request in (
        b"\r\n\r\n\r\nnonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",  # no Host
        b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA: b\x00c\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 300 + b"\r\n\r\n",  # TLS
    ):
        assert raw(site, request).startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 ")), request
    assert site.get("/").status == 200


def test_the_real_edition_is_served_as_it_is(real: Made, start: Start) -> None:
    site = start(real.folder.parent.parent)
    for file in real.book.files:
        path = f"/{real.book.slug}/{real.folder.name}/{file.path}"
        reply = site.get(f"{path}?v={file.sha256[:12]}")
        assert (reply.status, sha256(reply.body).hexdigest()) == (200, file.sha256)
        assert reply.headers["ETag"] == f'"{file.sha256[:32]}"'
        assert reply.headers["Content-Type"].partition(";")[0] == file.media_type
    whole = (real.folder / f"{real.book.slug}-{real.folder.name}.mp3").read_bytes()
    for at in range(0, len(whole), 500_000):
        part = site.get(
            f"/{real.book.slug}/{real.folder.name}/{real.book.slug}-en.mp3", range=f"bytes={at}-{at + 499_999}"
        )
        assert part.body == whole[at : at + 500_000]
