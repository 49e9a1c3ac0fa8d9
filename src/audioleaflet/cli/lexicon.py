"""``audioleaflet lexicon``: how words are said, changed for a whole library, and exchanged with other systems."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audioleaflet.cli.answers import print_json, print_lines, problem_data
from audioleaflet.cli.options import JSON
from audioleaflet.errors import AudioleafletError, ConfigError
from audioleaflet.terminal import write

if TYPE_CHECKING:
    from audioleaflet.house import Effects, House, Reading
    from audioleaflet.leaflet.model import Entry

LANGUAGE = click.option("--language", default="en-US", show_default=True, help="The language of the words (BCP 47).")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Show all of it and write nothing.")


@click.group("lexicon")
def command() -> None:
    """Say how words are said, for all leaflets of a library."""


@command.command("add")
@click.argument("term")
@click.option("--say", default="", metavar="RESPELLING", help="How it is said, as in deh-NOH-soo-mab.")
@click.option("--ipa", default="", help="How it is said, in IPA, as in dəˈnoʊ.suːˌmæb.")
@click.option("--meaning", default="", metavar="TEXT", help="What it means: a short phrase, for the introduction.")
@LANGUAGE
@click.option("--no-play", is_flag=True, help="Do not play the old and the new reading.")
@DRY_RUN
@JSON
def add(term: str, say: str, ipa: str, meaning: str, language: str, no_play: bool, dry_run: bool, as_json: bool) -> int:
    """Write how TERM is said into the library's lexicon, and list every sentence that this changes.

    In a respelling, hyphens divide syllables and the stressed one is in capitals. A term that is there already gets
    the new reading; the rest of its entry and of the file stays as it is.
    """
    from audioleaflet import house as library
    from audioleaflet.leaflet.lexicon import read_lexicon

    _check_language(language)
    if bool(say) == bool(ipa):
        raise click.UsageError("give how it is said, either with --say or with --ipa")
    house = library.house_of(language)
    try:
        entry = library.new_entry(house, term, say=say, ipa=ipa, meaning=meaning)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    before = library.reading_of(house.entries(), entry.term) or _engine_reading(entry.term, language)
    with library.staged(house, [entry]) as path:
        effects = library.effects(house, path)
        line = _line_of(entry.term, read_lexicon(path))
        if as_json:
            print_json(_added_data(entry, before, house, line, effects, written=not dry_run))
        else:
            _tell_reading(entry, before)
            _tell_ways(entry, language)
            _tell_effects(effects)
        if not as_json and not no_play:
            _play(entry.term, language, house, path, kept=not dry_run)
        if not dry_run:
            library.commit(house, path)
    if not as_json:
        _tell_written(house, line, dry_run=dry_run)
    return 0


@command.command("export")
@click.option(
    "--to",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="A .pls file, or - for stdout.",
)
@LANGUAGE
@click.option("--all", "derived", is_flag=True, help="Also plurals and the like, and each word with a capital.")
def export(to: Path, language: str, derived: bool) -> int:
    """Write the library's lexicon as a W3C Pronunciation Lexicon (PLS 1.0), for other systems."""
    from audioleaflet import house as library

    _check_language(language)
    data = library.export(language, derived=derived)
    if str(to) == "-":
        sys.stdout.buffer.write(data)
        return 0
    library.save(data, to)
    write(f"wrote {to}")
    return 0


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--language", default="", help="The language of the words (BCP 47).  [default: the file's]")
@click.option("--replace", "replacing", is_flag=True, help="Where the file and the library differ, the file counts.")
@DRY_RUN
@JSON
def import_(file: Path, language: str, replacing: bool, dry_run: bool, as_json: bool) -> int:
    """Take the words of a W3C Pronunciation Lexicon (PLS 1.0) into the library's lexicon.

    What the library has already stays as it is, and is told.
    """
    from audioleaflet import house as library
    from audioleaflet.leaflet.pls import read_pls

    if language:
        _check_language(language)
    imported = read_pls(file)
    language = _language(language, imported.language, file)
    house = library.house_of(language)
    found = library.arrivals(imported.entries, house.entries())
    wanted = [*found.new, *(theirs for theirs, _ in found.differing if replacing)]
    with library.staged(house, wanted) as path:
        effects = library.effects(house, path)
        if wanted and not dry_run:
            library.commit(house, path)
    if as_json:
        differing = [{"theirs": _entry_data(theirs), "ours": _entry_data(ours)} for theirs, ours in found.differing]
        print_json(
            {
                "path": str(house.path),
                "written": bool(wanted) and not dry_run,
                "added": [_entry_data(entry) for entry in found.new],
                "replaced" if replacing else "kept": differing,
                "not_taken": [problem_data(problem) for problem in imported.problems],
                **_effects_data(effects),
            }
        )
        return 0
    for problem in imported.problems:
        write(str(problem))
    for theirs, ours in found.differing:
        write(_difference(theirs, ours, replacing=replacing))
    _tell_effects(effects)
    _tell_import(house, len(found.new), len(found.differing) if replacing else 0, dry_run=dry_run)
    return 0


def _check_language(language: str) -> None:
    from audioleaflet.settings import is_tag

    if not is_tag(language):
        raise click.UsageError(f"'{language}' is not a language tag such as en or en-US")


def _language(asked: str, named: str, file: Path) -> str:
    """The language of an import: what is asked for and what the file names must be one."""
    if not asked and not named:
        raise ConfigError(f"{file} names no language", next_step="say which it is, with --language")
    if asked and named and asked.split("-")[0].lower() != named.split("-")[0].lower():
        raise ConfigError(f"{file} is in {named}, not in {asked}", next_step="leave out --language")
    return asked or named


def _line_of(term: str, entries: tuple[Entry, ...]) -> int:
    from audioleaflet.leaflet.editing import find_form, find_term

    found = find_term(entries, term) or find_form(entries, term)
    assert found is not None
    return found.origin.line


def _engine_reading(term: str, language: str) -> Reading | None:
    """How a term that no lexicon has is said today, or None where the library's first voice cannot tell it."""
    from audioleaflet.house import Reading
    from audioleaflet.saying import Saying

    try:
        with Saying(language, "") as saying:
            answers = saying.answers(term)
    except AudioleafletError:  # no such voice here, or one that tells no phonemes: the word can be added all the same
        return None
    sources = {answer.source for answer in answers}
    return Reading(ipa=" ".join(answer.ipa for answer in answers), source=sources.pop() if len(sources) == 1 else "")


def _play(term: str, language: str, house: House, path: Path, *, kept: bool) -> None:
    from audioleaflet.saying import Saying

    if not sys.stdout.isatty():
        if kept:
            write(f"to hear it: audioleaflet say '{term}' --to FILE.mp3")
        return
    try:
        with Saying(language, "") as old, Saying(language, "", lexicons=house.with_file(path)) as new:
            write("playing: as until now")
            old.play([term])
            write("playing: as from now on")
            new.play([term])
    except AudioleafletError as error:
        write(f"it cannot be played here: {error}")


def _tell_reading(entry: Entry, before: Reading | None) -> None:
    from audioleaflet.leaflet.ipa import respell

    write(f"{entry.term}: {entry.say or respell(entry.ipa)}  {entry.ipa}")
    if before is None:
        return
    source = {"engine": "the voice's own reading", "dictionary": "from a dictionary"}.get(before.source, before.source)
    write(f"until now: {_respelled(before.ipa)}{before.ipa}{f'  ({source})' if source else ''}")


def _tell_ways(entry: Entry, language: str) -> None:
    """Warn of an entry for a word that means several things, each said in its own way."""
    from audioleaflet.leaflet.ipa import respell
    from audioleaflet.script.heteronyms import heteronyms

    known = heteronyms(language)
    if entry.term not in known:
        return
    ways = " or ".join(f"{respell(way.ipa)} ({way.meaning})" for way in known.ways(entry.term))
    write(f"beware: '{entry.term}' is {ways}; with this entry it is said in one way everywhere")
    write(f"to settle one place only, write in the leaflet: [{entry.term}](say:{entry.say or respell(entry.ipa)})")


def _respelled(ipa: str) -> str:
    """A respelling and two spaces; nothing for what a voice says with sounds outside our alphabet."""
    from audioleaflet.leaflet.ipa import respell
    from audioleaflet.leaflet.syllabify import syllabified
    from audioleaflet.pronunciation.spelled import respelled

    try:
        return f"{respell(syllabified(ipa))}  "
    except ValueError:
        pass  # no entry's reading, but a voice's own, in its own symbols
    try:
        return f"{' '.join(map(respelled, ipa.split()))}  "
    except ValueError:
        return ""


def _tell_effects(effects: Effects) -> None:
    print_lines(f"{effect.origin}: {effect.shown}" for effect in effects.sentences)
    for path in effects.faulty:
        write(f"{path} has problems and was not looked at; 'audioleaflet check' lists them")
    leaflets = len({effect.origin.path for effect in effects.sentences})
    if leaflets:
        held = "holds" if len(effects.sentences) == 1 else "hold"
        count = f"{_counted(len(effects.sentences), 'sentence')} of {_counted(leaflets, 'leaflet')}"
        write(f"{count} {held} the new reading")
    else:
        write("no sentence of a leaflet changes")


def _tell_written(house: House, line: int, *, dry_run: bool) -> None:
    if dry_run:
        write(f"{house.path}:{line}: would be written; nothing is changed")
        return
    if house.is_new and house.source:
        write(f"made {house.path} with all words of the lexicon that comes with audioleaflet")
    write(f"{house.path}:{line}: written; recordings change with the next 'audioleaflet build'")


def _tell_import(house: House, added: int, replaced: int, *, dry_run: bool) -> None:
    counts = f"{_counted(added, 'word')} added, {replaced} replaced"
    if dry_run:
        write(f"{house.path}: {counts} (not written)")
    else:
        write(f"{house.path}: {counts}")


def _difference(theirs: Entry, ours: Entry, *, replacing: bool) -> str:
    said = {spelling.casefold(): ipa for spelling, ipa in (*ours.forms, (ours.term, ours.ipa))}
    mine = said[theirs.term.casefold()]
    what = f"{mine} here, {theirs.ipa} there" if mine != theirs.ipa else "another meaning or more forms there"
    return f"{theirs.origin}: '{theirs.term}': {what}; {'replaced' if replacing else 'kept as it is here'}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _entry_data(entry: Entry) -> dict[str, Any]:
    from audioleaflet.leaflet.ipa import respell

    return {
        "term": entry.term,
        "ipa": entry.ipa,
        "respelling": entry.say or respell(entry.ipa),
        "meaning": entry.meaning,
        "forms": dict(entry.forms),
    }


def _effects_data(effects: Effects) -> dict[str, Any]:
    return {
        "sentences": [
            {"path": str(effect.origin.path), "line": effect.origin.line, "text": effect.shown}
            for effect in effects.sentences
        ],
        "faulty": [str(path) for path in effects.faulty],
    }


def _added_data(
    entry: Entry, before: Reading | None, house: House, line: int, effects: Effects, *, written: bool
) -> dict[str, Any]:
    return {
        **_entry_data(entry),
        "before": {"ipa": before.ipa, "source": before.source} if before else None,
        "path": str(house.path),
        "line": line,
        "new_file": house.is_new,
        "written": written,
        **_effects_data(effects),
    }
