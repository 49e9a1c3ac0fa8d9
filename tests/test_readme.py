"""What README shows must hold as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

from audioleaflet.preparation import prepare

README = Path(__file__).resolve().parents[1] / "README.md"


def test_its_leaflet_can_be_copied(tmp_path: Path) -> None:
    (leaflet,) = re.findall(r"```yaml\n(# yaml-language-server.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "content" / "cast" / "en.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(leaflet, encoding="utf-8")
    assert [str(problem) for problem in prepare(path).problems if problem.code != "APPROVAL"] == []
