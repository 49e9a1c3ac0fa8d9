from __future__ import annotations

import re
from pathlib import Path

import pytest

from audioleaflet.publish.site import assets, assets_name, write_assets


def tree(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_every_static_file_is_there_under_the_digest(tmp_path: Path) -> None:
    write_assets(tmp_path)
    assert re.fullmatch(r"assets/[0-9a-f]{8}", assets_name())
    assert tree(tmp_path / assets_name()) == tree(Path(assets.__file__).with_name("static"))
    assert [path.name for path in (tmp_path / "assets").iterdir()] == [assets_name().removeprefix("assets/")]
    assert (tmp_path / assets_name()).stat().st_mode & 0o055 == 0o055  # a web server of another user reads them


def test_what_is_there_stays(tmp_path: Path) -> None:
    older = tmp_path / "assets" / "00000000"
    older.mkdir(parents=True)
    write_assets(tmp_path)
    before = [(path.stat().st_ino, path.stat().st_mtime_ns) for path in sorted((tmp_path / assets_name()).iterdir())]
    write_assets(tmp_path)
    after = [(path.stat().st_ino, path.stat().st_mtime_ns) for path in sorted((tmp_path / assets_name()).iterdir())]
    assert before == after
    assert older.is_dir()


def test_another_byte_or_name_gives_another_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_STATIC", tmp_path)
    names = []
    for name, content in (("a.css", b"one"), ("a.css", b"two"), ("b.css", b"two")):
        for path in tmp_path.iterdir():
            path.unlink()
        (tmp_path / name).write_bytes(content)
        assets_name.cache_clear()
        names.append(assets_name())
    assets_name.cache_clear()
    assert len(set(names)) == 3
