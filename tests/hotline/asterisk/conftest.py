"""Catalogues with sounds on the disk, exported for Asterisk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.hotline import catalogues
from tests.hotline.asterisk.dialplan import Plan, parse

from audioleaflet.hotline.asterisk.export import DIALPLAN, SOUNDS, export
from audioleaflet.hotline.catalogue import Catalogue, Edition, Sound
from audioleaflet.settings import HotlineSettings

SETTINGS = HotlineSettings.model_validate({})


class Exported:
    """A catalogue, the folder it was exported to, and the dialplan there. (No dataclass: hypothesis would print it.)"""

    def __init__(self, catalogue: Catalogue, to: Path, plan: Plan) -> None:
        self.catalogue, self.to, self.plan = catalogue, to, plan

    @property
    def sounds(self) -> Path:
        return self.to / SOUNDS


def on_disk(shelf: Catalogue, root: Path, forms: tuple[str, ...] = ("ulaw",)) -> Catalogue:
    """The same catalogue, its sounds written below ``root``: each byte says which sound it is of, and where in it."""

    def placed(sound: Sound) -> Sound:
        path = root / sound.path.relative_to("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        size = sound.duration_ms * 8
        pattern = f"{path.relative_to(root)} ".encode()
        for form in forms:
            path.with_suffix(f".{form}").write_bytes((pattern * (size // len(pattern) + 1))[:size])
        return replace(sound, path=path)

    def moved(edition: Edition) -> Edition:
        return replace(
            edition,
            chapters=tuple(
                replace(chapter, sounds=tuple(placed(sound) for sound in chapter.sounds))
                for chapter in edition.chapters
            ),
            prompts={name: placed(sound) for name, sound in edition.prompts.items()},
            contacts=tuple(replace(contact, digits=placed(contact.digits)) for contact in edition.contacts),
        )

    return replace(
        shelf,
        editions=tuple(moved(edition) for edition in shelf.editions),
        prompts={
            language: {name: placed(sound) for name, sound in prompts.items()}
            for language, prompts in shelf.prompts.items()
        },
    )


Export = Callable[..., Exported]


@pytest.fixture
def exported(tmp_path: Path) -> Export:
    """Exports a catalogue: ``exported(catalogue, settings, forms)``."""

    def made(
        shelf: Catalogue | None = None, settings: HotlineSettings = SETTINGS, forms: tuple[str, ...] = ("ulaw",)
    ) -> Exported:
        return _exported(tmp_path, shelf or catalogues.catalogue(), settings, forms)

    return made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Export:
    """As ``exported``, once for each catalogue and its settings. Not to be changed."""
    known: dict[str, Exported] = {}

    def made(shelf: Catalogue | None = None, settings: HotlineSettings = SETTINGS) -> Exported:
        shelf = shelf or catalogues.catalogue()
        key = repr((shelf, settings))
        if key not in known:
            known[key] = _exported(tmp_path_factory.mktemp("exported"), shelf, settings, ("ulaw",))
        return known[key]

    return made


def _exported(folder: Path, shelf: Catalogue, settings: HotlineSettings, forms: tuple[str, ...]) -> Exported:
    shelf = on_disk(shelf, folder / "library", forms)
    to = folder / "exchange"
    export(shelf, settings, to, forms)
    return Exported(shelf, to, parse((to / DIALPLAN).read_text(encoding="utf-8")))
