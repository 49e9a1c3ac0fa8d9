"""The dialplan proved without running it: targets, files, sums, brackets, reach; and that the proof sees mutants."""

from __future__ import annotations

import pytest
from tests.hotline import catalogues
from tests.hotline.asterisk.conftest import Export, Exported
from tests.hotline.asterisk.dialplan import BadDialplan, Plan, Priority, every, faults, parse

from audioleaflet.hotline.asterisk.export import DIALPLAN
from audioleaflet.hotline.catalogue import Catalogue
from audioleaflet.settings import HotlineSettings

PERSON = {"operator": "+1 212 555 0100", "operator_hours": ["Mon-Fri 09:00-17:00", "Sat 10:00-24:00"]}
SHELVES = {
    "one leaflet": catalogues.catalogue(),
    "approved": catalogues.catalogue(catalogues.edition(state="approved", review_due="2027-01-31")),
    "no telephone numbers": catalogues.catalogue(catalogues.edition(contacts=0)),
    "twelve chapters": catalogues.catalogue(catalogues.edition(chapters=12)),
    "one chapter": catalogues.catalogue(catalogues.edition(chapters=1)),
    "withdrawn": catalogues.catalogue(catalogues.edition(state="withdrawn")),
    "two leaflets": catalogues.catalogue(catalogues.edition("one/en"), catalogues.edition("two/en", number="2")),
    "six leaflets": catalogues.catalogue(
        *(catalogues.edition(f"leaflet-{n}/en", number=n) for n in ("1", "2", "3", "14", "142", "5"))
    ),
    "two languages": catalogues.catalogue(
        catalogues.edition("one/en"), catalogues.edition("one/es", language="es"), dialled={"+15550100": "es"}
    ),
    "two languages, several leaflets": catalogues.catalogue(
        catalogues.edition("one/en"),
        catalogues.edition("two/en", number="2"),
        catalogues.edition("one/es", language="es"),
    ),
}


@pytest.mark.parametrize(
    "person", [{}, PERSON, {"operator": "sip:desk@pbx.example"}], ids=["nobody", "hours", "always"]
)
@pytest.mark.parametrize("shelf", SHELVES.values(), ids=SHELVES)
def test_the_dialplan_has_no_faults(exported: Export, shelf: Catalogue, person: dict[str, object]) -> None:
    made = exported(shelf, HotlineSettings.model_validate(person))
    assert faults(made.plan, made.sounds, ("ulaw",)) == []


def test_every_sound_is_there_in_every_format(exported: Export) -> None:
    made = exported(SHELVES["two leaflets"], forms=("ulaw", "alaw"))
    assert faults(made.plan, made.sounds, ("ulaw", "alaw")) == []
    assert faults(made.plan, made.sounds, ("wav",)) != []


def mutated(plan: Plan, old: str, new: str) -> Plan:
    """The plan with the first ``old`` in a step's data made ``new``."""
    for context, name, place, step in every(plan):
        if old in step.data:
            steps = list(plan[context][name])
            steps[place - 1] = Priority(step.application, step.data.replace(old, new, 1), step.label)
            return {**plan, context: {**plan[context], name: steps}}
    raise AssertionError(f"no {old}")


@pytest.fixture
def made(exported: Export) -> Exported:
    return exported(SHELVES["six leaflets"], HotlineSettings.model_validate(PERSON))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("-read,s,1", "-reed,s,1", "no ('audioleaflet-book-leaflet-1-en-reed', 's', '1')"),
        ("?lower", "?lover", "'lover')"),
        ("?ended,1", "?ends,1", "'ends', '1')"),
        ("number142,1", "number143,1", "'number143', '1')"),
        ("/which-chapter", "/whose-chapter", "whose-chapter.ulaw"),
        ("AL_LEAD=audioleaflet/prompts/en-us/back", "AL_LEAD=audioleaflet/prompts/en-us/bag", "bag.ulaw"),
        ("/chapter-${AL_CHAPTER}", "/chapter-${AL_CHAPTER}0", "chapter-00.ulaw"),
        ("${MATH(${AL_MIDDLE}/2,int)}", "${MATH(${AL_MIDDLE}+1/2,int)}", "has not one operator"),
        ("${MATH(${AL_MIDDLE}/2,int)}", "${MATH(${AL_MIDDLE}/2)}", "MATH without int"),
        ("$[${AL_CUE} + 1]", "$[${AL_CUE + 1]", "brackets do not match"),
        ("Local/person", "Local/(person", "a bracket is not closed"),
        ("-pause,s,1", "-read,s,1", "is never reached"),
    ],
)
def test_a_mutant_is_seen(made: Exported, old: str, new: str, told: str) -> None:
    plan = made.plan
    if told == "is never reached":  # every way to it, not the first alone
        context = "audioleaflet-book-leaflet-1-en"
        while any(f"{context}{old}" in step.data for _, _, _, step in every(plan)):
            plan = mutated(plan, f"{context}{old}", f"{context}{new}")
    else:
        plan = mutated(plan, old, new)
    assert any(told in fault for fault in faults(plan, made.sounds, ("ulaw",)))


def test_an_unknown_application_is_seen(made: Exported) -> None:
    text = (made.to / DIALPLAN).read_text(encoding="utf-8").replace(",ControlPlayback(", ",ControlPlay(", 1)
    assert any("ControlPlay" in fault for fault in faults(parse(text), made.sounds, ("ulaw",)))


def test_a_missing_end_is_seen(made: Exported) -> None:
    context = next(name for name in made.plan if name.endswith("-table"))
    plan = {**made.plan, context: {**made.plan[context], "count0": [Priority("NoOp", "")]}}
    assert any("goes on to nothing" in fault for fault in faults(plan, made.sounds, ("ulaw",)))


@pytest.mark.parametrize(
    "text",
    ["[a]\n[a]\n", "[a]\nexten => s,1,NoOp()\nexten => s,1,NoOp()\n", "[a]\n same => n,NoOp()\n", "[a]\nhello\n"],
)
def test_what_is_no_dialplan_is_refused(text: str) -> None:
    with pytest.raises(BadDialplan):
        parse(text)
